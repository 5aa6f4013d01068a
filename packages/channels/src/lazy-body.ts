import { Readable } from 'node:stream';

/**
 * A stream of `content` that tells when a connection begins to read it. Until then not one byte of the body has
 * left, so it is proven that nobody accepted it (design, section 6, step 4).
 */
export function lazyBody(content: Buffer, onStart: () => void): Readable {
  return new Readable({
    read() {
      onStart();
      this.push(content);
      this.push(null);
    },
  });
}
