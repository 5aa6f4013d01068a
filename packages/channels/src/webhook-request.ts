import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { OutboundMessage } from './channel.js';
import { ChannelConfigError } from './channel-config-error.js';

export interface WebhookRequest {
  readonly headers: Record<string, string>;
  readonly content: Buffer;
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
/** What the connection needs, what describes the body, and what Standard Webhooks says. */
const TAKEN = /^(?:host|connection|keep-alive|upgrade|te|trailer|transfer-encoding|expect|content-.*|webhook-.*)$/i;

/**
 * Makes and signs the request for a message, whose key stands in `idempotencyHeader`.
 * Throws ChannelConfigError where the secret is not one, or the header's name is no name or is taken.
 */
export function createRequestSigner(
  secret: string,
  idempotencyHeader = 'Idempotency-Key',
): (message: OutboundMessage, nowMs: number) => WebhookRequest {
  const webhook = parseSecret(secret);
  if (!TOKEN.test(idempotencyHeader) || TAKEN.test(idempotencyHeader)) {
    throw new ChannelConfigError(
      'webhook',
      'the idempotency header must be the name of a header that is not set otherwise',
    );
  }
  return ({ key, to, subject, body, attempt }, nowMs) => {
    const payload = JSON.stringify({ key, to, subject, body, attempt });
    const content = Buffer.from(payload);
    const id = webhookId(key);
    const signedAt = new Date(nowMs);
    return {
      content,
      headers: {
        'content-type': 'application/json',
        'content-length': String(content.length),
        [idempotencyHeader.toLowerCase()]: key,
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(nowMs / 1000)),
        'webhook-signature': webhook.sign(id, signedAt, payload),
      },
    };
  };
}

/** The key hashed: what is signed is `id.timestamp.payload`, and keys may hold dots. The same for every attempt. */
export function webhookId(key: string): string {
  return `msg_${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

function parseSecret(secret: string): Webhook {
  try {
    return new Webhook(secret);
  } catch (cause) {
    throw new ChannelConfigError('webhook', 'the secret must be base64, with or without `whsec_` before it', { cause });
  }
}
