import type { LastLook } from './channel.js';
import { errorText } from './reason.js';

/** For whoever needs no last look. */
export const go: LastLook = () => null;

/**
 * Asks for the last look and hands on the answer: null for go, or why to stop. It does so at once where the look does,
 * so that nothing else runs between the look and the wire. A look that fails says stop.
 */
export function askLastLook(lastLook: LastLook, decide: (stop: string | null) => void): void {
  const failed = (error: unknown) => decide(`the last look failed: ${errorText(error)}`);
  let answer: ReturnType<LastLook>;
  try {
    answer = lastLook();
  } catch (error) {
    return failed(error);
  }
  if (answer === null || typeof answer === 'string') decide(answer);
  else answer.then(decide, failed);
}
