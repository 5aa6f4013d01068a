import { isStopWord } from '@campaign-manager/core/engine';
import type { ResponseDocument } from '@campaign-manager/core/models';
import { currentTrace, inTrace, type Trace } from '@campaign-manager/runtime';
import type { ApiContext } from '../context.js';
import { groupCommit } from './group-commit.js';
import { type HandedIn, handInAll } from './hand-in-all.js';

/**
 * Stores a reply, puts it into its conversation's inbox and has that decided at once, whichever way it came. A second one
 * with the same id changes nothing: it answers with `created` false and what became of the first.
 * @throws ConflictError where the id belongs to a reply to another conversation: that is a mistake of the caller, and a
 * reply would be lost by it.
 */
export type HandIn = (handed: ResponseDocument) => Promise<HandedIn>;

/** Replies that are written together at most. */
const MAX_GROUP = 200;

/** A group that MongoDB has not answered by then is on its own: those who came behind it are not held up. */
const PATIENCE_MS = 2000;

/** A reply, and the trace of the request that brought it. */
interface Handed {
  readonly response: ResponseDocument;
  readonly trace: Trace | undefined;
}

/** Replies that come at the same time are written together; STOP waits for nobody. */
export function createHandIn(context: ApiContext): HandIn {
  const write = (group: readonly Handed[]) =>
    inTrace(
      'replies.store',
      () =>
        handInAll(
          context,
          group.map(({ response }) => response),
        ),
      { ...belonging(group), attributes: { 'replies.count': group.length } },
    );
  const together = groupCommit<Handed, HandedIn>({
    write,
    keysOf: ({ response: { _id, conversation_id } }) => [_id, conversation_id],
    max: MAX_GROUP,
    patienceMs: PATIENCE_MS,
  });
  return async (response) => {
    const handed = { response, trace: currentTrace() };
    if (!isStopWord(response.text)) return together(handed);
    const [outcome] = await write([handed]);
    if (outcome?.ok) return outcome.value;
    throw outcome?.error;
  };
}

/** What several requests brought belongs to a trace of its own, which names theirs. */
function belonging(group: readonly Handed[]): { readonly of?: Trace; readonly links?: readonly Trace[] } {
  const traces = group.flatMap(({ trace }) => trace ?? []);
  const [only] = traces;
  return only && group.length === 1 ? { of: only } : { links: traces };
}
