import { runFloor } from '../floors/run-floor.js';
import { prepareDue } from '../prepare.js';
import type { Case } from '../run.js';
import { startSmtpSink } from '../smtp-sink.js';
import { steps } from './step.js';

/** The whole way to a mail server and back. */
export const mail: Case = {
  name: 'mail',
  unit: 'mails',
  what: 'scheduler and one worker: due, decided, sent by SMTP into smtp-sink, recorded',
  floorWhat: 'as for step, and a bare pipelining SMTP client with as many connections',
  size: { full: 50_000, quick: 5000 },
  async run(bench, size) {
    const sink = await startSmtpSink();
    try {
      return await steps(bench, size, { SMTP_URL: `smtp://127.0.0.1:${sink.port}` });
    } finally {
      await sink.stop();
    }
  },
  async floor(bench, size) {
    const sink = await startSmtpSink();
    try {
      await prepareDue(bench.store, size);
      return await runFloor(bench, { name: 'step', size, smtpPort: sink.port });
    } finally {
      await sink.stop();
    }
  },
};
