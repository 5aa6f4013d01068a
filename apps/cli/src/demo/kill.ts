import { setTimeout as delay } from 'node:timers/promises';
import type { MailFate, ReceivedMail } from '@campaign-manager/local-stack';
import type { System } from '../system/start-system.js';
import { createTrouble } from '../system/trouble.js';
import { emptyRedis } from './empty-redis.js';
import { KEY_HEADER } from './message-key.js';
import { createTrigger } from './trigger.js';

/** The accident strikes while the first messages of this stage are on their way. */
const STAGE = 'consideration';
const REPLACEMENT_AFTER_MS = 1000;
const FLUSH_AFTER_MS = 2000;

/** Each worker sends under an address of its own, so that the mailbox knows whom to kill. */
export function senderOf(worker: number): string {
  return `worker-${worker}@demo.test`;
}

/** The address of who sent it: in the envelope stands where reports go. */
function authorOf({ headers }: Pick<ReceivedMail, 'headers'>): string {
  return /<([^<>]+)>/.exec(headers['from'] ?? '')?.[1] ?? '';
}

/** Thrown when a mail came from none of our workers. */
class NoVictimError extends Error {
  override readonly name = 'NoVictimError';

  constructor(sender: string) {
    super(`No worker sends as ${sender}, so none could be killed.`);
  }
}

export interface Accident {
  /** Looks at every mail before it is answered: for the mailbox's `intercept`. */
  readonly intercept: (mail: ReceivedMail) => MailFate;
  /** From now on the accident can happen. */
  arm(system: System, prefix: string): void;
  /** Resolves when it happened and is over: worker killed and replaced, Redis emptied. */
  readonly over: Promise<void>;
  /** Rejects when it could not be brought about; never resolves. */
  readonly failed: Promise<never>;
}

interface Target {
  readonly system: System;
  readonly prefix: string;
}

/** Kills the worker that is sending, in the middle of it, and empties Redis a moment later. */
export function prepareAccident(tell: (line: string) => void): Accident {
  const trigger = createTrigger(STAGE);
  let armed: Target | undefined;
  const { failed, fail } = createTrouble();
  let finish: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });

  return {
    over,
    failed,
    arm: (system, prefix) => {
      armed = { system, prefix };
    },
    intercept: (mail) => {
      const move = armed === undefined ? 'accept' : trigger({ from: authorOf(mail), headers: mail.headers });
      if (move === 'kill' && armed !== undefined) strike(mail, armed);
      return move === 'hang' ? 'hang' : 'accept';
    },
  };

  function strike({ headers }: ReceivedMail, { system, prefix }: Target): void {
    const from = authorOf({ headers });
    const victim = [...system.workers].find(([number]) => from === senderOf(number));
    if (victim === undefined) return fail(new NoVictimError(from));
    const [, worker] = victim;
    worker.killHard();
    tell(`SIGKILL for ${worker.label} (process ${worker.pid}) while it sends ${headers[KEY_HEADER]}`);
    recover(system, prefix, tell).then(finish, fail);
  }
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
