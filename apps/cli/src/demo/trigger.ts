import type { ReceivedMail } from '@campaign-manager/local-stack';
import { KEY_HEADER, readKey } from './message-key.js';

/**
 * What the mailbox does about a mail while an accident is prepared: nothing special; leave it without an answer; or keep
 * it and kill the worker that sends it before the answer gets there.
 */
export type Move = 'accept' | 'hang' | 'kill';

/**
 * Waits for the first two messages of a stage that one worker sends. The first never arrives and gets no answer, the
 * second arrives and kills its sender: neither is known to the system, and only the mailbox can tell them apart.
 */
export function createTrigger(stage: string): (mail: Pick<ReceivedMail, 'from' | 'headers'>) => Move {
  let held: string | undefined;
  let done = false;
  return ({ from, headers }) => {
    const key = readKey(headers[KEY_HEADER] ?? '');
    if (done || key?.stage !== stage) return 'accept';
    if (held === undefined) {
      held = from;
      return 'hang';
    }
    if (from !== held) return 'accept';
    done = true;
    return 'kill';
  };
}
