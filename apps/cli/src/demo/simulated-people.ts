import type { Mailbox } from '@campaign-manager/local-stack';
import { createTransport } from 'nodemailer';
import { createTrouble } from '../system/trouble.js';
import { KEY_HEADER, readKey } from './message-key.js';
import { reactTo } from './reactions.js';
import { replyMail } from './reply-mail.js';
import type { Scenario } from './scenario.js';
import { HOUR_MS } from './time.js';

export interface SimulatedPeople {
  /** Rejects when a reply could not be sent; never resolves. */
  readonly failed: Promise<never>;
  /** Nobody answers any more. */
  stop(): void;
}

const CONNECTIONS = 4;

/**
 * The recipients: they read the mailbox, think for a while, and answer by mail. `inbound` is where their mail server finds
 * the one of the reply addresses, such as `smtp://127.0.0.1:2525`.
 */
export function wakePeople(mailbox: Mailbox, inbound: string, scenarios: readonly Scenario[]): SimulatedPeople {
  const people = new Map(scenarios.flatMap((scenario) => scenario.people.map((one) => [one.recipient._id, one])));
  const { hostname: host, port } = new URL(inbound);
  const transport = createTransport({
    host,
    port: Number(port),
    ignoreTLS: true,
    pool: true,
    maxConnections: CONNECTIONS,
  });
  const timers = new Set<NodeJS.Timeout>();
  const { failed, fail } = createTrouble();

  const leave = mailbox.onMail((mail) => {
    const key = readKey(mail.headers[KEY_HEADER] ?? '');
    const person = key && people.get(key.recipientId);
    const reaction = person && reactTo(person.persona, key);
    if (!key || !reaction) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      transport.sendMail(replyMail(mail, key.baseKey, person.recipient, reaction.says, new Date())).catch(fail);
    }, reaction.delay_hours * HOUR_MS);
    timers.add(timer);
  });

  return {
    failed,
    stop: () => {
      leave();
      for (const timer of timers) clearTimeout(timer);
      transport.close();
    },
  };
}
