/** The words that mobile carriers make every sender obey (CTIA, Messaging Principles and Best Practices, opt-out). */
const STOP_WORDS: ReadonlySet<string> = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT']);

/** A longer line holds more than one word, whatever stands around it. */
const LONGEST_LINE = 64;

/**
 * Whether a reply asks for no further messages: its first line that is not empty holds one of the carriers' words and
 * nothing else, punctuation and case aside. `> stop` does not: somebody else's words are quoted there. Pure.
 */
export function isStopWord(text: string | undefined): boolean {
  const line = text?.split(/[\r\n]/).find((candidate) => candidate.trim() !== '');
  if (line === undefined || line.trim().length > LONGEST_LINE) return false;
  const word = line.replace(/^[\s\p{P}\p{Cf}]+/u, '').replace(/[\s\p{P}\p{Cf}]+$/u, '');
  return STOP_WORDS.has(word.toUpperCase());
}
