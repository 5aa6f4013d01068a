import { jsonPath, type Path } from './json-path.js';
import { shorten } from './shorten.js';

/**
 * One thing that is wrong with a document, told so that its author can mend it.
 * `path` is a JSONPath such as `$.stages.awareness.messages[0].timing`; a fault of the whole document has `$`.
 */
export interface Fault {
  readonly path: string;
  /** A full sentence: what was found and what was expected. */
  readonly message: string;
  /** What stands there, shortened; absent where nothing stands there. */
  readonly found?: string;
  /** What should stand there. */
  readonly expected?: string;
  /** A suggestion, such as "did you mean `messages`?". */
  readonly hint?: string;
}

/** A document that keeps its schema (the very object that was given), or everything that is wrong with it. */
export type Validated<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * As `Validated`, after the rules that no schema can tell; warnings do not refuse the document. `partial` says that
 * these faults kept some rules from being looked at: more may show when they are mended.
 */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] }
  | {
      readonly ok: false;
      readonly faults: readonly Fault[];
      readonly warnings: readonly Fault[];
      readonly partial?: boolean;
    };

interface Details {
  /** The value itself, not yet shortened. Leave the key out where nothing stands there. */
  readonly found?: unknown;
  readonly expected?: string;
  readonly hint?: string | undefined;
}

export function createFault(path: Path, message: string, details: Details = {}): Fault {
  const { expected, hint } = details;
  return {
    path: jsonPath(path),
    message,
    ...('found' in details ? { found: shorten(details.found) } : {}),
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined ? {} : { hint }),
  };
}
