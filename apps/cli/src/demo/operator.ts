import { setTimeout as delay } from 'node:timers/promises';
import type { Mailbox } from '@campaign-manager/local-stack';
import type { Api } from '../api-client.js';
import { createTrouble } from '../system/trouble.js';
import { KEY_HEADER } from './message-key.js';
import type { Scenario } from './scenario.js';

/** A message that nobody knew about, and what the operator found out. */
export interface Settled {
  readonly key: string;
  readonly action: 'confirm' | 'resend';
}

export interface Operator {
  readonly settled: readonly Settled[];
  /** Rejects when a message could not be settled; never resolves. */
  readonly failed: Promise<never>;
  stop(): void;
}

const LOOK_MS = 250;

/** A scripted operator: looks for messages left `unknown`, looks whether the mailbox has them, and settles them. */
export function hireOperator(
  api: Api,
  mailbox: Mailbox,
  scenarios: readonly Scenario[],
  tell: (settled: Settled) => void,
): Operator {
  const settled: Settled[] = [];
  const stopping = new AbortController();

  async function round(): Promise<void> {
    const received = new Set(mailbox.messages().map(({ headers }) => headers[KEY_HEADER]));
    for (const { campaign } of scenarios) {
      for (const { _id: key } of await api.list<{ _id: string }>(
        `/v1/campaigns/${campaign._id}/messages?status=unknown`,
      )) {
        const action = received.has(key) ? 'confirm' : 'resend';
        await api.post(`/v1/messages/${encodeURIComponent(key)}/resolve`, { action });
        settled.push({ key, action });
        tell({ key, action });
      }
    }
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      await round();
      await delay(LOOK_MS);
    }
  }

  const { failed, fail } = createTrouble();
  work().catch((error) => {
    if (!stopping.signal.aborted) fail(error);
  });
  return { settled, failed, stop: () => stopping.abort() };
}
