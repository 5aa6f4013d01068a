import type { Outcome } from '@campaign-manager/channels';
import type { ChannelName } from '@campaign-manager/core/schemas';
import type { Ports } from '@campaign-manager/ports';
import { askLeave, type Breaker, CLOSED, type Contact, type Leave, stateOf, tellContact } from './breaker.js';

/** The breaker of one channel and process, which tells the log of every change and the metrics of its state. */
export interface ChannelGuard {
  ask(): Leave;
  tell(leave: Leave, contact: Contact): void;
}

const STATES = ['closed', 'half_open', 'open'] as const satisfies readonly Breaker['state'][];

export function createChannelGuard(
  { clock, logger, metrics }: Pick<Ports, 'clock' | 'logger' | 'metrics'>,
  channel: ChannelName,
): ChannelGuard {
  let breaker = CLOSED;

  function become(next: Breaker): void {
    const before = breaker;
    breaker = next;
    if (next.state === before.state) return;
    if (next.state === 'closed') logger.info({ channel }, 'A channel works again');
    else if (next.state === 'half_open') logger.info({ channel }, 'A channel is tried with one message');
    else logger.warn({ channel, pause_ms: next.pauseMs }, 'A channel cannot be reached: its messages wait untried');
  }

  for (const state of STATES) {
    metrics.channelState.computeAtScrape({ channel, state }, () => (stateOf(breaker, clock.now()) === state ? 1 : 0));
  }
  metrics.postponed.inc({ channel, reason: 'channel_unavailable' }, 0); // so that the first one is an increase
  return {
    ask: () => {
      const asked = askLeave(breaker, clock.now());
      become(asked.breaker);
      return asked.leave;
    },
    tell: (leave, contact) => become(tellContact(breaker, leave, contact, clock.now())),
  };
}

/** What a chunk says of the way to the provider, when one more message of it has been answered. Pure. */
export function contactAfter(before: Contact, outcome: Outcome): Contact {
  if (before === 'reached') return 'reached';
  return outcome.status === 'deferred' && outcome.unreachable ? 'missed' : 'reached';
}
