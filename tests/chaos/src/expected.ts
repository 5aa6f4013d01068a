import { asks, type Load, recipientIds, replies, stageName } from './load.js';

/**
 * - `required`: must be accounted for.
 * - `voidable`: a follow-up to somebody who replies: whether it leaves depends on who is faster; it may be taken back.
 */
export interface ExpectedKey {
  readonly key: string;
  readonly kind: 'required' | 'voidable';
}

/** What one conversation must bring about, in order. */
export interface ExpectedConversation {
  readonly id: string;
  readonly campaign: string;
  readonly keys: readonly ExpectedKey[];
  /** So many follow-ups of one visit of a stage may leave, whichever they are. */
  readonly followUpsAtMost: number;
}

/**
 * The keys that must leave, from the load's numbers alone: `<campaign>/<recipient>/<stage>/<visit>/<index>/<ordinal>`.
 * It shares no code with the engine, on purpose.
 */
export function expectedOf(load: Load): ExpectedConversation[] {
  return recipientIds(load).map((recipient, index) => {
    const id = `${load.campaign}/${recipient}`;
    const kind = replies(load, index) ? ('voidable' as const) : ('required' as const);
    const keys = Array.from({ length: load.stages }, (_, stage) =>
      stageKeys(load, `${id}/${stageName(stage)}/1`, stage, kind),
    );
    return { id, campaign: load.campaign, keys: keys.flat(), followUpsAtMost: load.followUps };
  });
}

function stageKeys(load: Load, visit: string, stage: number, followUps: ExpectedKey['kind']): ExpectedKey[] {
  const first = { key: `${visit}/0/0`, kind: 'required' as const };
  if (!asks(stage)) return [first, { key: `${visit}/1/0`, kind: 'required' }];
  const decided = load.followUps + (followUps === 'voidable' ? earlierQuestions(stage) : 0);
  return [first, ...Array.from({ length: decided }, (_, i) => ({ key: `${visit}/0/${i + 1}`, kind: followUps }))];
}

/**
 * A reply to an earlier stage may be held up until this one. It takes back a follow-up that has not left, and since it
 * was received before this stage's message, it answers nothing here: another follow-up takes its place, under the next
 * ordinal.
 */
function earlierQuestions(stage: number): number {
  return Array.from({ length: stage }, (_, earlier) => earlier).filter(asks).length;
}
