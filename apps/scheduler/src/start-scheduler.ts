import { setTimeout } from 'node:timers/promises';
import { closePorts, connectPorts, type Ports, type Waits } from '@campaign-manager/ports';
import { type Config, type Logger, type Metrics, markError, openSpan } from '@campaign-manager/runtime';
import { exportFigures } from './export-figures.js';
import { createMemory } from './memory.js';
import { hasUnseen, poll, refill } from './poll.js';
import type { PollResult } from './poll-campaign.js';

export interface RunningScheduler {
  readonly context: Ports;
  stop(): Promise<void>;
}

/** While a campaign has a backlog, its queue is refilled this often between two polls. */
const REFILL_MS = 250;
/** Where there is none, it looks this often for campaigns that began after the last poll. */
const UNSEEN_MS = 1000;

/** Connects a scheduler and begins to poll; a poll that fails is simply followed by the next one. */
export async function startScheduler(
  config: Config,
  logger: Logger,
  metrics: Metrics,
  waits?: Waits,
): Promise<RunningScheduler> {
  const context = await connectPorts(config, logger, metrics, 'scheduler', waits);
  exportFigures(context);
  const stopped = new AbortController();
  const loop = pollUntil(context, stopped.signal);
  return {
    context,
    stop: async () => {
      stopped.abort();
      await loop;
      await closePorts(context);
    },
  };
}

async function pollUntil(context: Ports, signal: AbortSignal): Promise<void> {
  const memory = createMemory();
  while (!signal.aborted) {
    const nextPollAt = performance.now() + spread(context.config.pollingIntervalMs, Math.random());
    let { backlog } = await look(context, () => poll(context, memory));
    for (let leftMs = nextPollAt - performance.now(); leftMs > 0; leftMs = nextPollAt - performance.now()) {
      const pauseMs = spread(backlog ? REFILL_MS : UNSEEN_MS, Math.random());
      await setTimeout(Math.min(leftMs, pauseMs), undefined, { signal }).catch(() => undefined); // woken up to stop
      if (signal.aborted) return;
      if (performance.now() >= nextPollAt) break;
      // Whoever cannot read leaves it to the poll, which says so.
      backlog ||= await hasUnseen(context, memory).catch(() => false);
      if (backlog) ({ backlog } = await look(context, () => refill(context, memory)));
    }
  }
}

const NOTHING: PollResult = { handedOut: 0, backlog: false };

/** Looks at what is to be handed out, unless the clock is off; one that fails is simply followed by the next. */
async function look({ clock, logger, metrics }: Ports, work: () => Promise<PollResult>): Promise<PollResult> {
  const skew = clock.skewed();
  if (skew !== null) {
    metrics.polls.inc({ outcome: 'clock_off' });
    logger.error({ reason: skew }, 'The clock is off: nothing is handed out');
  } else {
    const span = openSpan('scheduler.poll');
    try {
      const result = await work();
      span?.setAttribute('conversations.handed_out', result.handedOut);
      metrics.polls.inc({ outcome: 'done' });
      return result;
    } catch (error) {
      metrics.polls.inc({ outcome: 'failed' });
      markError(span, error);
      logger.error({ err: error }, 'A poll failed; the next one follows');
    } finally {
      span?.end();
    }
  }
  return NOTHING;
}

/** A little less than `pauseMs`, never more, so that schedulers that started together do not look together. */
function spread(pauseMs: number, random: number): number {
  return pauseMs * (1 - random / 10);
}
