import { hoursToMs } from '../engine/compile-template.js';
import type { InboxEvent, Send, Variables } from '../engine/types.js';
import type { AnswerModel, Chance, ResponseModel, StageResponses } from '../schemas/response-model.js';
import { drawDelay, drawValue, type Random } from './random.js';

type Drawn =
  | { readonly kind: 'answer'; readonly model: AnswerModel }
  | { readonly kind: 'opt_out'; readonly model: Chance };

const NOTHING: readonly InboxEvent[] = [];

/**
 * One recipient who behaves as the model says: what follows each message, drawn anew. A follow-up that arrives while the
 * answer to an earlier message is still on its way changes nothing.
 */
export function createRecipient(
  model: ResponseModel,
  random: Random,
): (send: Send, at: number) => readonly InboxEvent[] {
  let answersAt = Number.NEGATIVE_INFINITY;
  return ({ effect }, at) => {
    const isFollowUp = effect.ordinal > 0;
    if (isFollowUp && answersAt > at) return NOTHING;
    const stage = behaviourIn(effect.stage, model);
    const drawn = stage && draw(stage, isFollowUp, random);
    if (!drawn) return NOTHING;
    answersAt = at + hoursToMs(drawDelay(drawn.model.delay, random));
    return [toEvent(drawn, effect.key, answersAt, random)];
  };
}

function behaviourIn(stage: string, { stages = {}, default: others }: ResponseModel): StageResponses | undefined {
  return Object.hasOwn(stages, stage) ? stages[stage] : others;
}

function draw({ answers = [], opt_out }: StageResponses, isFollowUp: boolean, random: Random): Drawn | null {
  let left = random();
  const happens = ({ probability, follow_up_probability }: Chance) => {
    left -= isFollowUp ? (follow_up_probability ?? probability) : probability;
    return left < 0;
  };
  const answer = answers.find(happens);
  if (answer) return { kind: 'answer', model: answer };
  return opt_out && happens(opt_out) ? { kind: 'opt_out', model: opt_out } : null;
}

function toEvent(drawn: Drawn, key: string, at: number, random: Random): InboxEvent {
  if (drawn.kind === 'opt_out') return { id: `opt-out-${key}`, type: 'opt_out', at };
  const { intent, data } = drawn.model;
  return {
    id: `response-${key}`,
    type: 'response',
    at,
    ...(intent !== undefined && { intent }),
    ...(data && { data: drawFields(data, random) }),
  };
}

function drawFields(data: NonNullable<AnswerModel['data']>, random: Random): Variables {
  return Object.fromEntries(Object.entries(data).map(([field, values]) => [field, drawValue(values, random)]));
}
