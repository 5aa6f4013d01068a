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
