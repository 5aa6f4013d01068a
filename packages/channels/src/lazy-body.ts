import { Readable } from 'node:stream';
import type { LastLook } from './channel.js';
import { askLastLook } from './last-look.js';

/** What a lazy body tells. */
export interface BodyListener {
  /** From now on the body may have left. */
  readonly onStart: () => void;
  /** The last look said stop: the body stays, and never ends either, so whoever reads it must be cut off. */
  readonly onStop: (reason: string) => void;
  /** Whether the sending ended meanwhile: then nothing is told, and nothing leaves. */
  readonly isOver: () => boolean;
}

/**
 * A stream of `content` that takes a last look when a connection begins to read it, and tells when it goes. Until then
 * not one byte of the body has left, so it is proven that nobody accepted it (design, section 6, step 4).
 */
export function lazyBody(content: Buffer, lastLook: LastLook, { onStart, onStop, isOver }: BodyListener): Readable {
  let asked = false;
  return new Readable({
    read() {
      if (asked) return;
      asked = true;
      const decide = (stop: string | null) => {
        if (isOver()) return;
        if (stop !== null) return onStop(stop);
        onStart();
        this.push(content);
        this.push(null);
      };
      askLastLook(lastLook, decide);
    },
  });
}
