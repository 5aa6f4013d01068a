import type { Run } from '../engine/run-conversation.js';
import type { ConversationEvent, ConversationResult } from '../engine/types.js';

const MS_PER_HOUR = 3_600_000;

/** One line of a simulation. `at_hours` is wall time after the launch, rounded to 6 decimals. */
export type SimulatedEvent = {
  readonly at_hours: number;
  readonly recipient: string;
  readonly stage: string;
} & (
  | { readonly event: 'entered' | 'response' }
  /** `follow_up` is 0 for the message itself; `text` is what the recipient reads. */
  | { readonly event: 'sent'; readonly message_index: number; readonly follow_up: number; readonly text: string }
  | { readonly event: 'escalated'; readonly action: string }
  | { readonly event: 'advanced'; readonly to_stage: string; readonly reason: string }
  | { readonly event: 'completed'; readonly result: ConversationResult; readonly reason: string }
  | { readonly event: 'blocked'; readonly reason: string }
);

/** Within a visit, events of the same instant come in this order. */
const ORDER = ['entered', 'response', 'sent', 'escalated', 'advanced', 'completed', 'blocked'] as const;
const RANK: ReadonlyMap<string, number> = new Map(ORDER.map((event, rank) => [event, rank]));

/** An event with its place beside others of the same time. */
export interface Placed {
  readonly event: SimulatedEvent;
  /** The recipient's place in the input. */
  readonly recipient: number;
  /** Which of the conversation's visits, over all stages, in the order of their beginning. */
  readonly visit: number;
}

/** The lines of one conversation. What only operators and faults bring about is left out. */
export function eventsOf(run: Run, recipient: string, place: number): readonly Placed[] {
  const bodies = new Map(run.sends.map(({ effect, content }) => [effect.key, content.body]));
  let visit = 0;
  return run.events.flatMap((line) => {
    if (line.type === 'entered') visit += 1;
    const event = toEvent(line, recipient, bodies);
    return event ? [{ event, recipient: place, visit }] : [];
  });
}

/** By time, then recipient in input order, then visit, then `ORDER`. */
export function inOrder(placed: readonly Placed[]): SimulatedEvent[] {
  return [...placed].sort(compare).map(({ event }) => event);
}

function compare(a: Placed, b: Placed): number {
  return a.event.at_hours - b.event.at_hours || a.recipient - b.recipient || a.visit - b.visit || rank(a) - rank(b);
}

function rank({ event }: Placed): number {
  return RANK.get(event.event) ?? ORDER.length;
}

function toEvent(
  { at, type, stage, reason = '', detail = {} }: ConversationEvent,
  recipient: string,
  bodies: ReadonlyMap<string, string>,
): SimulatedEvent | null {
  const head = { at_hours: toHours(at), recipient };
  switch (type) {
    case 'entered':
    case 'response':
      return { ...head, event: type, stage };
    case 'sent': {
      const text = bodies.get(String(detail['key']));
      if (text === undefined) return null;
      const [message_index, follow_up] = [Number(detail['index']), Number(detail['ordinal'])];
      return { ...head, event: type, stage, message_index, follow_up, text };
    }
    case 'escalated':
      return { ...head, event: type, stage, action: String(detail['action']) };
    case 'advanced':
      return { ...head, event: type, stage, to_stage: String(detail['to_stage']), reason };
    case 'completed':
      return { ...head, event: type, stage, result: detail['result'] as ConversationResult, reason };
    case 'blocked':
      return { ...head, event: type, stage, reason };
    default:
      return null;
  }
}

function toHours(ms: number): number {
  return Math.round((ms / MS_PER_HOUR) * 1e6) / 1e6;
}
