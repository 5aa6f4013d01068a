import { Readable } from 'node:stream';

/** Whether a body came as NDJSON: then it is the request itself, not read yet. */
export function isStream(body: unknown): body is AsyncIterable<Buffer> {
  return body instanceof Readable;
}
