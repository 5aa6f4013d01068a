import type { ChannelName, DeliveryPolicy } from '@campaign-manager/core/schemas';
import type { Channel } from './channel.js';
import { ChannelConfigError } from './channel-config-error.js';
import { createEmailChannel } from './email.js';
import type { Identify } from './email-identity.js';
import { createLogChannel } from './log.js';
import { createWebhookChannel } from './webhook.js';

/** What an operator can set. A channel whose URL is absent does not exist; `log` always does. */
export interface ChannelsConfig {
  /** Connections per channel and process. */
  readonly connections: number;
  readonly email?: {
    /** Bounds one sending. */
    readonly timeoutMs: number;
    readonly url?: string | undefined;
    readonly from?: string | undefined;
    readonly messageIdDomain?: string | undefined;
    /** Default `at_most_once`. */
    readonly policy?: DeliveryPolicy | undefined;
  };
  readonly webhook?: {
    /** Bounds one sending. */
    readonly timeoutMs: number;
    readonly url?: string | undefined;
    readonly secret?: string | undefined;
    readonly allowPrivate?: boolean | undefined;
    /** Default `at_least_once`. */
    readonly policy?: DeliveryPolicy | undefined;
    /** Default `Idempotency-Key`. */
    readonly idempotencyHeader?: string | undefined;
  };
  readonly log?: { readonly includeContent?: boolean | undefined };
}

export interface ChannelsDeps {
  /** Where the `log` channel writes to. */
  readonly writeLine: (line: string) => void;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** What mails of a conversation carry, so that replies, reports and opt-outs find it. */
  readonly identify?: Identify;
}

/** Makes every channel that is configured. Connects to nothing. Throws ChannelConfigError on unusable settings. */
export function createChannels(config: ChannelsConfig, deps: ChannelsDeps): ReadonlyMap<ChannelName, Channel> {
  const common = { connections: config.connections, ...(deps.now && { now: deps.now }) };
  const { email, webhook, log = {} } = config;
  const channels: Channel[] = [
    createLogChannel({ write: deps.writeLine, includeContent: log.includeContent ?? false }),
  ];
  if (email?.url) {
    if (!email.from) throw new ChannelConfigError('email', 'a sender address is needed beside the SMTP URL');
    const { url, from, timeoutMs, messageIdDomain, policy } = email;
    channels.push(
      createEmailChannel({
        ...common,
        timeoutMs,
        url,
        from,
        ...(messageIdDomain && { messageIdDomain }),
        ...(policy && { policy }),
        ...(deps.identify && { identify: deps.identify }),
      }),
    );
  }
  if (webhook?.url) {
    if (!webhook.secret) throw new ChannelConfigError('webhook', 'a signing secret is needed beside the URL');
    const { url, secret, timeoutMs, allowPrivate = false, policy, idempotencyHeader } = webhook;
    channels.push(
      createWebhookChannel({
        ...common,
        timeoutMs,
        url,
        secret,
        allowPrivate,
        ...(policy && { policy }),
        ...(idempotencyHeader && { idempotencyHeader }),
      }),
    );
  }
  return new Map(channels.map((channel) => [channel.name, channel]));
}
