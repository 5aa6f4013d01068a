import type { ResponseDocument, ResponseStatus } from '@campaign-manager/core/models';
import {
  ConflictError,
  type Received,
  receiveResponse,
  receiveResponses,
  routeResponse,
  routeResponses,
} from '@campaign-manager/core/store';
import type { ApiContext } from '../context.js';
import { addAdvances } from '../jobs.js';
import { atOnceOrSingly, type Outcome } from './at-once-or-singly.js';

/** What became of a reply; `created` false: a reply with its id was there before. */
export interface HandedIn {
  readonly status: ResponseStatus;
  readonly created: boolean;
}

/**
 * Hands in several replies, no two of them with one id or to one conversation: one write for each step, and one that
 * fails never fails the others. Answers in their order, when their fates are stored.
 */
export async function handInAll(
  context: ApiContext,
  handed: readonly ResponseDocument[],
): Promise<readonly Outcome<HandedIn>[]> {
  const { store, metrics, logger } = context;
  const received = await atOnceOrSingly(handed, {
    all: (some) => receiveResponses(store, some),
    one: (one) => receiveResponse(store, one),
  });
  const kept = received.map((outcome, i) => ofOneConversation(outcome, handed[i]));
  // One that is still `received` was stored by a process that came no further: this one goes on.
  const open = kept.flatMap(({ value }) => (value?.response.status === 'received' ? [value.response] : []));
  const routed = await atOnceOrSingly(open, {
    all: (some) => routeResponses(store, some),
    one: (one) => routeResponse(store, one),
  });
  await addAdvances(
    context,
    routed.flatMap(({ value }) => value?.wake ?? []),
  );
  metrics.responses.inc({ status: 'received' }, kept.filter(({ value }) => value?.created).length);
  for (const { value } of routed) {
    const { status } = value ?? {};
    if (status === 'applied' || status === 'late' || status === 'unmatched') metrics.responses.inc({ status });
  }
  const fates = new Map(open.map((response, i) => [response, routed[i]]));
  return kept.map((outcome) => {
    if (!outcome.ok) return outcome;
    const { response, created } = outcome.value;
    const fate = fates.get(response);
    if (fate && !fate.ok) return fate;
    const status = fate?.value.status ?? response.status;
    const { _id: response_id, conversation_id } = response;
    logger.debug({ response_id, conversation_id, status, created }, 'A reply is stored');
    return { ok: true, value: { status, created } };
  });
}

function ofOneConversation(outcome: Outcome<Received>, handed: ResponseDocument | undefined): Outcome<Received> {
  if (!outcome.ok || outcome.value.response.conversation_id === handed?.conversation_id) return outcome;
  return {
    ok: false,
    error: new ConflictError(`A response '${handed?._id}' exists already, for another conversation.`),
  };
}
