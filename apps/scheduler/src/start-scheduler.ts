import { setTimeout } from 'node:timers/promises';
import { closePorts, connectPorts, type Ports } from '@campaign-manager/ports';
import type { Config, Logger, Metrics } from '@campaign-manager/runtime';
import { createMemory } from './memory.js';
import { poll } from './poll.js';

export interface RunningScheduler {
  readonly context: Ports;
  stop(): Promise<void>;
}

/** While a campaign has a backlog, the queue is refilled this often instead of once per polling interval. */
const REFILL_MS = 1000;

/** Connects a scheduler and begins to poll; a poll that fails is simply followed by the next one. */
export async function startScheduler(config: Config, logger: Logger, metrics: Metrics): Promise<RunningScheduler> {
  const context = await connectPorts(config, logger, metrics, 'scheduler');
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
  const { config, clock, logger } = context;
  const memory = createMemory();
  while (!signal.aborted) {
    let pauseMs = config.pollingIntervalMs;
    const skew = clock.skewed();
    if (skew !== null) logger.error({ reason: skew }, 'The clock is off: nothing is handed out');
    else {
      try {
        const { backlog } = await poll(context, memory);
        if (backlog) pauseMs = Math.min(pauseMs, REFILL_MS);
      } catch (error) {
        logger.error({ err: error }, 'A poll failed; the next one follows');
      }
    }
    await setTimeout(spread(pauseMs, Math.random()), undefined, { signal }).catch(() => undefined); // woken up to stop
  }
}

/** A little less than `pauseMs`, never more, so that schedulers that started together do not look together. */
function spread(pauseMs: number, random: number): number {
  return pauseMs * (1 - random / 10);
}
