import { runFloor } from '../floors/run-floor.js';
import { prepareDue } from '../prepare/conversations.js';
import type { PairCase } from '../run.js';
import { type SmtpSink, startSmtpSink } from '../smtp-sink.js';
import { steps } from './step.js';

/** The whole way to a mail server and back, with as many worker processes as a small machine has cores. */
export const mail: PairCase = {
  kind: 'pair',
  name: 'mail',
  unit: 'mails',
  what: 'scheduler and two worker processes: due, decided, sent by SMTP into smtp-sink, recorded',
  floorWhat: 'as for step, and a bare pipelining SMTP client with as many connections',
  size: { full: 50_000, quick: 5000 },
  repeat: { full: 3, quick: 1 },
  run: (bench, size) =>
    withSink(({ port }) => steps(bench, size, { workers: 2, mail: { SMTP_URL: `smtp://127.0.0.1:${port}` } })),
  floor: (bench, size) =>
    withSink(async ({ port }) => {
      await prepareDue(bench.store, size);
      return runFloor(bench, { name: 'step', size, smtpPort: port });
    }),
};

async function withSink<T>(work: (sink: SmtpSink) => Promise<T>): Promise<T> {
  const sink = await startSmtpSink();
  try {
    return await work(sink);
  } finally {
    await sink.stop();
  }
}
