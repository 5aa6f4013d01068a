import { setTimeout as delay } from 'node:timers/promises';
import type { Mailbox, ReceivedMail } from '@campaign-manager/local-stack';
import { asks, type Load, recipientIndex, replies } from '../load.js';
import { accept, type Client } from './client.js';
import { KEY_HEADER } from './key-header.js';

/** A reply that the api has acknowledged. */
export interface AcknowledgedReply {
  readonly id: string;
  readonly conversation: string;
  /** The key of the message that it answers. */
  readonly to: string;
  /** When the acknowledgement was here; milliseconds since 1970. */
  readonly at: number;
}

/** Recipients who answer the first message of each stage that asks, each once, whatever becomes of the api. */
export interface Repliers {
  readonly acknowledged: readonly AcknowledgedReply[];
  /** Replies that still wait for an answer of the api. */
  readonly pending: number;
  /** The first thing that went wrong. */
  readonly trouble: Error | undefined;
  stop(): void;
}

export interface RepliersOptions {
  readonly mailbox: Mailbox;
  readonly client: Client;
  /** May grow. */
  readonly loads: readonly Load[];
  readonly signal: AbortSignal;
  /** How long this reply takes to be written. */
  readonly afterMs: () => number;
}

export function startRepliers({ mailbox, client, loads, signal, afterMs }: RepliersOptions): Repliers {
  const acknowledged: AcknowledgedReply[] = [];
  const answered = new Set<string>();
  let pending = 0;
  let trouble: Error | undefined;

  const reply = async (key: string, conversation: string) => {
    const id = `reply-${key.replaceAll('/', ':')}`;
    pending += 1;
    try {
      await delay(afterMs(), undefined, { signal });
      const body = { conversation_id: conversation, intent: 'yes', text: 'Yes.' };
      accept(await client.post('/v1/responses', body, { 'idempotency-key': id }), 'a reply');
      acknowledged.push({ id, conversation, to: key, at: Date.now() });
    } catch (error) {
      trouble ??= error as Error;
    } finally {
      pending -= 1;
    }
  };

  const stop = mailbox.onMail(({ headers }: ReceivedMail) => {
    const key = headers[KEY_HEADER] ?? '';
    const [campaign, recipient, stage, , index, ordinal] = key.split('/');
    const conversation = `${campaign}/${recipient}`;
    const load = loads.find((one) => one.campaign === campaign);
    const isReplier = load !== undefined && replies(load, recipientIndex(recipient ?? ''));
    const isFirst = asks(Number(stage?.slice(1))) && index === '0' && ordinal === '0';
    if (!isFirst || !isReplier || answered.has(key)) return;
    answered.add(key);
    void reply(key, conversation);
  });
  return {
    acknowledged,
    get pending() {
      return pending;
    },
    get trouble() {
      return trouble;
    },
    stop,
  };
}
