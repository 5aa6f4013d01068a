import { assertNever, type MessageRef } from '@campaign-manager/core/engine';
import type { Persona, SalesPersona, SupportPersona } from './personas.js';

/** What a simulated recipient answers to one message, and how long after its arrival (in hours of the template). */
export interface Reaction {
  readonly delay_hours: number;
  /** The own text of the mail: its first line may be an intent, and lines such as `Rating: 4` are data. */
  readonly says: string;
}

type Received = Pick<MessageRef, 'stage' | 'index' | 'ordinal'>;

/**
 * What a recipient does about a message; null: nothing. Pure: the prediction and the live run ask the same question.
 * Every answer stays 20 hours away from the deadlines of the example templates, and farther from the one ahead, so that
 * it is never a matter of who was faster.
 */
export function reactTo(persona: Persona, message: Received): Reaction | null {
  if (message.index !== 0) return null;
  const reaction = scriptOf(persona)(`${message.stage}/${message.ordinal}`);
  return reaction && { ...reaction, delay_hours: reaction.delay_hours + persona.pace_hours };
}

function scriptOf(persona: Persona): Script {
  switch (persona.campaign) {
    case 'sales':
      return SALES[persona.kind];
    case 'support':
      return supportScript(persona.kind, persona.rating);
    default:
      return assertNever(persona);
  }
}

/** Answers by stage and ordinal of the message, 0 being the message itself and 1 its first follow-up. */
type Script = (message: string) => Reaction | null;

const scripted =
  (answers: Readonly<Record<string, Reaction>>): Script =>
  (message) =>
    answers[message] ?? null;

const say = (delay_hours: number, ...lines: readonly string[]): Reaction => ({ delay_hours, says: lines.join('\n') });

const curious = say(36, 'Good question. We call everybody on the list, one by one.');
const closer = say(40, 'Yes, let us look at last week together.');
const accept = (delayHours: number) => say(delayHours, 'Accept proposal.', '', 'We are in. Please send the contract.');

const SALES: Readonly<Record<SalesPersona, Script>> = {
  keen: scripted({ 'awareness/0': curious, 'consideration/0': closer, 'decision/0': accept(40) }),
  late: scripted({
    'awareness/2': say(24, 'Sorry, a busy week. Tell me more.'),
    'consideration/1': say(24, 'Now I have time. Show me.'),
    'decision/0': accept(40),
  }),
  never: scripted({}),
  drops_out: scripted({ 'awareness/0': curious }),
  declines: scripted({
    'awareness/0': curious,
    'consideration/0': closer,
    'decision/0': say(40, 'Not this year, I am afraid.'),
  }),
  accepts_early: scripted({ 'awareness/0': accept(36) }),
};

function supportScript(kind: SupportPersona, rating: number): Script {
  const solved = (delayHours: number) => say(delayHours, 'Yes, it runs again.');
  const rated = (delayHours: number) => say(delayHours, `Rating: ${rating}`, '', `That is ${rating} of 5.`);
  const scripts: Readonly<Record<SupportPersona, Script>> = {
    prompt: scripted({ 'initial_followup/0': solved(24), 'feedback/0': rated(26) }),
    late: scripted({ 'initial_followup/1': solved(24), 'feedback/0': rated(26) }),
    late_rating: scripted({ 'initial_followup/0': solved(24), 'feedback/1': rated(24) }),
    no_rating: scripted({ 'initial_followup/0': solved(24) }),
    silent: scripted({}),
  };
  return scripts[kind];
}
