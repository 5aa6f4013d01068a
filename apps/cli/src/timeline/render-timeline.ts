import type { SimulatedEvent } from '@campaign-manager/core/simulator';

const MAX_TEXT = 100;

/** The events of a simulation for people: recipient by recipient, in the order of their appearance. */
export function renderTimeline(events: readonly SimulatedEvent[]): readonly string[] {
  const byRecipient = new Map<string, SimulatedEvent[]>();
  for (const event of events) {
    const known = byRecipient.get(event.recipient);
    if (known) known.push(event);
    else byRecipient.set(event.recipient, [event]);
  }
  if (byRecipient.size === 0) return ['Nothing happens.'];
  const width = events.reduce((most, { stage }) => Math.max(most, stage.length), 0);
  return [...byRecipient].flatMap(([recipient, own], index) => [
    ...(index === 0 ? [] : ['']),
    recipient,
    ...own.map((event) => `  ${clock(event.at_hours)}  ${event.stage.padEnd(width)}  ${describe(event)}`),
  ]);
}

function describe(event: SimulatedEvent): string {
  switch (event.event) {
    case 'entered':
      return 'enters the stage';
    case 'response':
      return 'answers';
    case 'sent': {
      const what = event.follow_up === 0 ? 'message' : `follow-up ${event.follow_up} of message`;
      return `gets ${what} ${event.message_index + 1}: ${shorten(event.text)}`;
    }
    case 'escalated':
      return `is escalated: ${event.action}`;
    case 'advanced':
      return `goes on to ${event.to_stage} (${event.reason})`;
    case 'completed':
      return `ends: ${event.result} (${event.reason})`;
    case 'blocked':
      return `is blocked (${event.reason})`;
  }
}

/** Time since the launch: `day 3 04:30`. Days count from 0. */
function clock(hours: number): string {
  const minutes = Math.floor(hours * 60 + 1e-6);
  const [day, rest] = [Math.floor(minutes / 1440), minutes % 1440];
  const two = (part: number) => String(part).padStart(2, '0');
  return `day ${String(day).padStart(3)} ${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT - 1)}…`;
}
