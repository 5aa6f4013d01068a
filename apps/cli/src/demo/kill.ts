import { setTimeout as delay } from 'node:timers/promises';
import type { MailFate, ReceivedMail } from '@campaign-manager/local-stack';
import type { System } from '../system/start-system.js';
import { emptyRedis } from './empty-redis.js';
import { KEY_HEADER, readKey } from './message-key.js';

/** The accident strikes while the first message of this stage is on its way. */
const STAGE = 'consideration';
const REPLACEMENT_AFTER_MS = 1000;
const FLUSH_AFTER_MS = 2000;

/** Each worker sends under an address of its own, so that the mailbox knows whom to kill. */
export function senderOf(worker: number): string {
  return `worker-${worker}@demo.test`;
}

export interface Accident {
  /** Looks at every mail before it is answered: for the mailbox's `intercept`. */
  readonly intercept: (mail: ReceivedMail) => MailFate;
  /** From now on the accident can happen. */
  arm(system: System, prefix: string): void;
  /** Resolves when it happened and is over: worker killed and replaced, Redis emptied. */
  readonly over: Promise<void>;
}

/** Kills the worker that is sending, in the middle of it, and empties Redis a moment later. */
export function prepareAccident(tell: (line: string) => void): Accident {
  let armed: { readonly system: System; readonly prefix: string } | undefined;
  let finish: (outcome: Promise<void>) => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  over.catch(() => undefined);

  return {
    over,
    arm: (system, prefix) => {
      armed = { system, prefix };
    },
    intercept: (mail) => {
      const key = readKey(mail.headers[KEY_HEADER] ?? '');
      if (armed === undefined || key?.stage !== STAGE) return 'accept';
      const { system, prefix } = armed;
      armed = undefined;
      const victim = [...system.workers].find(([number]) => mail.from === senderOf(number));
      if (victim === undefined) {
        finish(Promise.reject(new Error(`No worker sends as ${mail.from}.`)));
        return 'accept';
      }
      const [number, worker] = victim;
      worker.killHard();
      tell(`SIGKILL for worker ${number} (process ${worker.pid}) while ${mail.headers[KEY_HEADER]} is on its way`);
      finish(recover(system, prefix, tell));
      return 'accept';
    },
  };
}

async function recover(system: System, prefix: string, tell: (line: string) => void): Promise<void> {
  const replaced = delay(REPLACEMENT_AFTER_MS).then(async () => {
    const { label, pid } = await system.addWorker();
    tell(`${label} (process ${pid}) takes the place of the dead one`);
  });
  const emptied = delay(FLUSH_AFTER_MS).then(async () =>
    tell(await emptyRedis(system.redis, prefix, system.redisIsOurs)),
  );
  await Promise.all([replaced, emptied]);
}
