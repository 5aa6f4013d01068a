import { setTimeout as delay } from 'node:timers/promises';
import type { Mailbox } from '@campaign-manager/local-stack';
import type { Api } from '../api-client.js';
import { createTrouble } from '../system/trouble.js';
import { KEY_HEADER } from './message-key.js';
import type { Scenario } from './scenario.js';

/** A message that nobody knew about, and what the operator found out. */
export interface Settled {
  readonly key: string;
  readonly action: 'confirm' | 'resend' | 'abandon';
}

export interface Operator {
  /** Rejects when a message could not be settled; never resolves. */
  readonly failed: Promise<never>;
  stop(): void;
}

interface Unknown {
  readonly _id: string;
  readonly conversation_id: string;
}

const LOOK_MS = 250;

/** A scripted operator: looks for messages left `unknown`, looks whether the mailbox has them, and settles them. */
export function hireOperator(
  api: Api,
  mailbox: Mailbox,
  scenarios: readonly Scenario[],
  tell: (settled: Settled) => void,
): Operator {
  const stopping = new AbortController();

  async function round(): Promise<void> {
    const received = new Set(mailbox.messages().map(({ headers }) => headers[KEY_HEADER]));
    for (const { campaign } of scenarios) {
      const unknown = await api.list<Unknown>(`/v1/campaigns/${campaign._id}/messages?status=unknown`);
      for (const message of unknown) {
        const action = received.has(message._id) ? 'confirm' : await remedy(message);
        await api.post(`/v1/messages/${encodeURIComponent(message._id)}/resolve`, { action });
        tell({ key: message._id, action });
      }
    }
  }

  /** Where the conversation has ended meanwhile, nobody needs the message any more. */
  async function remedy({ conversation_id }: Unknown): Promise<'resend' | 'abandon'> {
    const { status } = await api.get<{ status: string }>(`/v1/conversations/${encodeURIComponent(conversation_id)}`);
    return status === 'completed' ? 'abandon' : 'resend';
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
  return { failed, stop: () => stopping.abort() };
}
