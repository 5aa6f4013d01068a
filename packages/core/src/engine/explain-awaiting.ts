import { type Deadlines, deadlines } from './deadlines.js';
import { because, quoted } from './explain-reasons.js';
import { stageName } from './explain-sentences.js';
import type { Awaited, ExplainInput } from './explain-types.js';
import type { ConversationState } from './types.js';

type Source = Pick<ExplainInput, 'conversation_id' | 'template' | 'campaign' | 'now' | 'settlements' | 'wallClock'>;

/** What the conversation waits for; nothing where it has ended. */
export function awaiting(source: Source, state: ConversationState): readonly Awaited[] {
  const found = state.status === 'active' ? ofActive(source, state) : ofBlocked(source, state);
  return found.map(({ until, ...rest }) => ({
    ...rest,
    ...(until !== undefined && { until: source.wallClock?.(until) ?? until }),
  }));
}

function ofBlocked({ template }: Source, { status, reason }: ConversationState): Awaited[] {
  if (status === 'completed') return [];
  return [{ what: 'operator', sentence: `It is blocked ${because(reason, template)}; an operator can retry it.` }];
}

function ofActive(source: Source, state: ConversationState): Awaited[] {
  const { escalation, held, outbox } = state;
  const found: Awaited[] = [];
  if (held && held.until !== null) {
    found.push({ what: 'time', sentence: 'It is snoozed: nothing is sent and no deadline passes.', until: held.until });
  }
  if (escalation?.status === 'taken') {
    const by = escalation.taken_by;
    found.push({
      what: 'operator',
      sentence: `${by} has taken the escalation; follow-ups and the maximum wait for that.`,
    });
  } else if (escalation) {
    found.push({
      what: 'operator',
      sentence: `A human was asked for help (${escalation.action}); nobody took it yet.`,
    });
  }
  const onTheirWay = outbox.filter(({ kind, key }) => kind === 'message' && !isSettled(source, key)).length;
  if (onTheirWay > 0) {
    const sentence = onTheirWay === 1 ? 'A message is on its way.' : `${onTheirWay} messages are on their way.`;
    found.push({ what: 'delivery', sentence });
  }
  const due = deadlines({ template: source.template, campaign: source.campaign, state });
  return due ? [...found, ...ofStage(source, state, due)] : found;
}

function isSettled({ settlements }: Source, key: string): boolean {
  const outcome = settlements?.get(key)?.outcome;
  return outcome !== undefined && outcome !== 'open';
}

function ofStage(source: Source, state: ConversationState, due: Deadlines): Awaited[] {
  const { stage, message, followUp, satisfied, min, max } = due;
  const found: Awaited[] = [];
  const here = stageName(source, stage.name, state.stage_visit);
  if ((stage.response_required || stage.auto_advance) && !satisfied) {
    const which = stage.specific_response === null ? '' : ` with the intent ${quoted(stage.specific_response)}`;
    const count = `${state.visit.responses} of ${stage.min_responses} so far`;
    const until = state.escalation?.status === 'taken' ? {} : { until: max };
    found.push({ what: 'reply', sentence: `The stage ${here} waits for a reply${which} (${count}).`, ...until });
  }
  if (message)
    found.push({
      what: 'time',
      sentence: `Message ${message.index + 1} of the stage ${here} waits for its time.`,
      until: message.due,
    });
  if (followUp) {
    found.push({
      what: 'time',
      sentence: `A follow-up of message ${followUp.index + 1} waits for its time.`,
      until: followUp.due,
    });
  }
  if (min > source.now)
    found.push({ what: 'time', sentence: `The minimum duration of the stage ${here} has not passed.`, until: min });
  return found;
}
