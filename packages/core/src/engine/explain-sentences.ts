import { assertNever } from './assert-never.js';
import { because, quoted } from './explain-reasons.js';
import type { ExplainedEvent, ExplainInput } from './explain-types.js';
import { parseMessageKey } from './keys.js';
import type { ConversationEvent, ConversationResult } from './types.js';

type Source = Pick<ExplainInput, 'conversation_id' | 'template' | 'wallClock'>;

const ENDS: Readonly<Record<ConversationResult, string>> = {
  success: 'ends with success',
  failed: 'ends as failed',
  expired: 'ends as expired',
  opted_out: 'ends as opted out',
  cancelled: 'ends as cancelled',
};

const COMMANDS: ReadonlyMap<string, string> = new Map([
  ['retry', 'tells it to try again'],
  ['take', 'takes the escalation: follow-ups and the maximum duration wait'],
  ['release', 'gives the escalation back'],
  ['advance', 'sends it on'],
  ['snooze', 'snoozes it'],
  ['complete', 'ends it with success'],
  ['fail', 'ends it as failed'],
  ['cancel', 'cancels it'],
  ['resend', 'has a message sent again'],
]);

/** Lines for people. That a stage is entered is not told again right behind the line that says where it goes. */
export function explainEvents(source: Source, events: readonly ConversationEvent[]): readonly ExplainedEvent[] {
  return events
    .filter(({ type }, i) => type !== 'entered' || events[i - 1]?.type !== 'advanced')
    .map((event) => {
      const { at, type, stage, visit, reason } = event;
      return {
        at: source.wallClock?.(at) ?? at,
        type,
        stage,
        visit,
        ...(reason !== undefined && { reason }),
        sentence: sentenceOf(source, event),
      };
    });
}

/** The stage in a person's words: its title, and which visit it is, where it is not the first. */
export function stageName({ template }: Pick<Source, 'template'>, stage: string, visit = 1): string {
  const title = quoted(template.stages.get(stage)?.title ?? stage);
  return visit > 1 ? `${title} (visit ${visit})` : title;
}

export function endsHow(result: ConversationResult): string {
  return ENDS[result];
}

function sentenceOf(source: Source, event: ConversationEvent): string {
  const { type, stage, visit, reason, detail = {} } = event;
  const why = because(reason, source.template);
  const here = stageName(source, stage, visit);
  switch (type) {
    case 'entered':
      return `The conversation enters the stage ${here}.`;
    case 'response':
      return responseSentence(here, detail['intent'], detail['qualifying'] === true);
    case 'sent':
      return sentence(`It sends ${messageName(source, detail['key'])} of the stage ${here}`, reason && why);
    case 'voided':
      return sentence(`It takes ${messageName(source, detail['key'])} back before it leaves`, takenBack(reason, why));
    case 'delivery':
      return `${capital(messageName(source, detail['key']))} ends as ${detail['outcome']}${reason ? `: ${reason}` : ''}.`;
    case 'escalated':
      return `It asks a human for help (${detail['action']}), because the stage ${here} has waited long enough.`;
    case 'escalation_resolved':
      return sentence('The escalation is over', why);
    case 'command':
      return `An operator (${detail['by']}) ${COMMANDS.get(String(detail['name'])) ?? `gives the command ${detail['name']}`}.`;
    case 'advanced':
      return sentence(`It leaves the stage ${here} for ${stageName(source, String(detail['to_stage']))}`, why);
    case 'completed': {
      const more = typeof detail['detail'] === 'string' ? ` (${detail['detail']})` : '';
      return sentence(`The conversation ${endsHow(detail['result'] as ConversationResult)}`, `${why}${more}`);
    }
    case 'blocked':
      return sentence('It is blocked until an operator retries it', why);
    case 'unblocked':
      return 'It tries again.';
    default:
      return assertNever(type);
  }
}

function responseSentence(stage: string, intent: unknown, qualifying: boolean): string {
  const which = typeof intent === 'string' ? ` with the intent ${quoted(intent)}` : '';
  return `A reply${which} comes; it ${qualifying ? 'counts' : 'does not count'} for the stage ${stage}.`;
}

function takenBack(reason: string | undefined, why: string): string {
  return reason === 'response' ? 'because a reply came' : why;
}

function messageName({ conversation_id }: Source, key: unknown): string {
  const ref = typeof key === 'string' ? parseMessageKey(conversation_id, key) : null;
  if (!ref) return 'a message';
  const again = ref.resend > 0 ? ' (sent again)' : '';
  return `${ref.ordinal > 0 ? `follow-up ${ref.ordinal} of ` : ''}message ${ref.index + 1}${again}`;
}

function sentence(what: string, why: string | undefined): string {
  return why ? `${what}, ${why}.` : `${what}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
