import { setTimeout as delay } from 'node:timers/promises';
import { startMailbox } from '@campaign-manager/local-stack';
import { prepareDue } from '../prepare/conversations.js';
import type { SeriesCase } from '../run.js';
import { startSystem } from '../system.js';
import { memoryOf } from '../usage.js';
import { measureSteps } from './measure-steps.js';

const SAMPLE_EVERY_MS = 100;
/** A mail server answers after 1 to 2 seconds. */
const ANSWER_MS = { from: 1000, step: 100, steps: 11 } as const;

/** A worker process with as many conversations in flight as it may have, all of them before a slow mail server. */
export const memory: SeriesCase = {
  kind: 'series',
  name: 'memory',
  unit: 'mails',
  what: 'a worker before a mail server that answers after 1 to 2 s; its peak of memory',
  pointUnit: 'conversations in flight',
  points: { full: [500], quick: [500] },
  size: { full: 5000, quick: 1500 },
  repeat: { full: 2, quick: 1 },
  async run(bench, inFlight, size) {
    const server = await startSlowServer();
    try {
      await prepareDue(bench.store, size);
      const system = await startSystem(bench, ['worker', 'scheduler'], {
        SMTP_URL: server.uri,
        MAX_CONCURRENT_CONVERSATIONS: String(inFlight),
        WORKER_CONCURRENT_TASKS: String(inFlight), // else most would wait for a connection
      });
      const peak = samplePeak(system.pidsOf('worker'));
      try {
        const run = await measureSteps(bench, system, size, 'email');
        return { ...run, bytes: await peak.stop(), more: { most_at_once: server.mostAtOnce() } };
      } finally {
        await peak.stop();
        await system.stop();
      }
    } finally {
      await server.stop();
    }
  },
};

async function startSlowServer() {
  let taken = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  const mailbox = await startMailbox({
    intercept: async () => {
      const answerMs = ANSWER_MS.from + ANSWER_MS.step * (taken % ANSWER_MS.steps);
      taken += 1;
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await delay(answerMs);
      atOnce -= 1;
      return 'accept' as const;
    },
  });
  return { uri: mailbox.uri, mostAtOnce: () => mostAtOnce, stop: () => mailbox.stop() };
}

/** Looks at the memory of processes again and again; `stop` answers the most that one of them had. */
function samplePeak(pids: readonly number[]): { stop(): Promise<number> } {
  let peak = 0;
  let going = true;
  const sampling = (async () => {
    while (going) {
      peak = Math.max(peak, ...(await Promise.all(pids.map(memoryOf))));
      await delay(SAMPLE_EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await sampling;
      return peak;
    },
  };
}
