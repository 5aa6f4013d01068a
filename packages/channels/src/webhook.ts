import type { DeliveryPolicy } from '@campaign-manager/core/schemas';
import { Pool } from 'undici';
import {
  type Channel,
  ChannelUnavailableError,
  type LastLook,
  type OutboundMessage,
  type Outcome,
  type Slot,
} from './channel.js';
import { ChannelConfigError } from './channel-config-error.js';
import { startDeadline } from './deadline.js';
import { go } from './last-look.js';
import { lazyBody } from './lazy-body.js';
import { publicConnector } from './public-address.js';
import { errorText, tidyReason } from './reason.js';
import { createSemaphore } from './semaphore.js';
import { type WebhookResult, webhookOutcome } from './webhook-outcome.js';
import { createRequestSigner } from './webhook-request.js';

export interface WebhookOptions {
  /** Where every message is posted to, `https:` or `http:`. */
  readonly url: string;
  /** Shared with the receiver: base64, usually `whsec_...` (Standard Webhooks). */
  readonly secret: string;
  /** Bounds connecting and a whole sending. */
  readonly timeoutMs: number;
  /** Connections open at once, and so sendings at once. */
  readonly connections: number;
  /** Lets the URL point into private networks and to this machine. */
  readonly allowPrivate: boolean;
  /** What becomes of a message nobody knows about. Default `at_least_once`: receivers can drop repetitions. */
  readonly policy?: DeliveryPolicy;
  /** The header that holds the key. Default `Idempotency-Key`. */
  readonly idempotencyHeader?: string;
  /** Milliseconds since the epoch, for the signature. Default `Date.now`. */
  readonly now?: () => number;
}

const MAX_RESPONSE_BYTES = 64 * 1024;

/**
 * Posts `{ key, to, subject, body, attempt }`, where `to` is the recipient's id, signed as Standard Webhooks describes
 * and with an idempotency key, so receivers can drop repetitions: hence `at_least_once` (design, section 6).
 * Redirects are not followed. Throws ChannelConfigError where the URL, the secret or the name of the header is wrong.
 */
export function createWebhookChannel(options: WebhookOptions): Channel {
  const { timeoutMs, connections, allowPrivate, now = Date.now, policy = 'at_least_once' } = options;
  const url = parseWebhookUrl(options.url);
  const sign = createRequestSigner(options.secret, options.idempotencyHeader);
  const permits = createSemaphore(connections, (reason) => new ChannelUnavailableError('webhook', reason));
  const closing = new AbortController();
  const pool = new Pool(url.origin, {
    connections,
    pipelining: 1,
    connect: allowPrivate ? { timeout: timeoutMs } : publicConnector(timeoutMs),
  });

  /**
   * Resolves with the outcome as soon as the answer's head is there or the deadline passes; undici notices an abort
   * only once it has connected. `free` is called when the request is over and its connection is idle or gone.
   */
  function post(message: OutboundMessage, signal: AbortSignal, free: () => void, lastLook: LastLook): Promise<Outcome> {
    const { headers, content } = sign(message, now());
    const abort = new AbortController();
    let written = false;
    let over = false;
    return new Promise((resolve) => {
      const settle = (result: WebhookResult) => {
        over = true;
        resolve(webhookOutcome(result, now()));
      };
      const lose = (reason: string) => settle({ kind: 'lost', written, reason: tidyReason(reason, '') });
      const callOff = startDeadline(timeoutMs, [signal, closing.signal], (reason) => {
        lose(reason);
        abort.abort(new Error(reason));
      });
      const body = lazyBody(content, lastLook, {
        onStart: () => {
          written = true;
        },
        onStop: (reason) => {
          settle({ kind: 'stopped', reason });
          abort.abort(new Error(reason));
        },
        isOver: () => over,
      });
      pool
        .request({ method: 'POST', path: url.pathname + url.search, headers, body, signal: abort.signal })
        .then(async (response) => {
          const retryAfter = [response.headers['retry-after']].flat()[0];
          settle({ kind: 'answered', status: response.statusCode, retryAfter });
          await response.body.dump({ limit: MAX_RESPONSE_BYTES, signal: abort.signal });
        })
        .catch((error) => lose(errorText(error)))
        .finally(() => {
          callOff();
          free();
        });
    });
  }

  function slotWith(free: () => void): Slot {
    let used = false;
    return {
      async send(message, signal, lastLook = go) {
        if (used) return { status: 'deferred', reason: 'the slot was used before' };
        used = true;
        if (signal.aborted || closing.signal.aborted) {
          free();
          return { status: 'deferred', reason: 'aborted' };
        }
        return post(message, signal, free, lastLook);
      },
      release() {
        if (used) return;
        used = true;
        free();
      },
    };
  }

  return {
    name: 'webhook',
    timeoutMs,
    atOnce: connections,
    defaultPolicy: policy,
    addressOf({ _id }) {
      return typeof _id === 'string' && _id !== '' ? { to: _id } : { missing: 'the recipient has no _id' };
    },
    reserve: async (signal) => slotWith(await permits.acquire(signal)),
    async close() {
      permits.close();
      closing.abort();
      await pool.destroy();
    },
  };
}

function parseWebhookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new ChannelConfigError('webhook', 'the URL must begin with https:// or http://');
  }
  if (url.username !== '' || url.password !== '') {
    throw new ChannelConfigError('webhook', 'the URL must hold no user name or password');
  }
  return url;
}
