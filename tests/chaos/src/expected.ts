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
    return { id, campaign: load.campaign, keys: keys.flat() };
  });
}

function stageKeys(load: Load, visit: string, stage: number, followUps: ExpectedKey['kind']): ExpectedKey[] {
  const first = { key: `${visit}/0/0`, kind: 'required' as const };
  if (!asks(stage)) return [first, { key: `${visit}/1/0`, kind: 'required' }];
  return [
    first,
    ...Array.from({ length: load.followUps }, (_, i) => ({ key: `${visit}/0/${i + 1}`, kind: followUps })),
  ];
}
