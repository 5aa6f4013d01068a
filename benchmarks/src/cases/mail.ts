import { runFloor } from '../floors/run-floor.js';
import { prepareConversations, prepareRecipients } from '../prepare.js';
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
      return await steps(bench, size, 1, { SMTP_URL: `smtp://127.0.0.1:${sink.port}` });
    } finally {
      await sink.stop();
    }
  },
  async floor(bench, size) {
    const sink = await startSmtpSink();
    try {
      await prepareRecipients(bench.store, size);
      await prepareConversations(bench.store, 'bench', size, await bench.store.serverTime());
      return await runFloor(bench, { name: 'step', size, smtpPort: sink.port });
    } finally {
      await sink.stop();
    }
  },
};
