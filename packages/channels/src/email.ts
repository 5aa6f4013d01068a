import type { DeliveryPolicy } from '@campaign-manager/core/schemas';
import type { Channel, Outcome, Slot } from './channel.js';
import { ChannelConfigError } from './channel-config-error.js';
import { isPlainAddress } from './email-address.js';
import type { EmailIdentity, Identify } from './email-identity.js';
import { composeEmail, parseSender } from './email-message.js';
import { go } from './last-look.js';
import { errorText, tidyReason } from './reason.js';
import { smtpOutcome } from './smtp-outcome.js';
import { createSmtpPool, type Lease } from './smtp-pool.js';
import { openSmtpSession, type SmtpServer } from './smtp-session.js';

export interface EmailOptions {
  /** `smtp://user:password@host:port` (STARTTLS where offered) or `smtps://...` (TLS from the start). */
  readonly url: string;
  /** One address, with a name if you like: `Sales <sales@example.com>`. */
  readonly from: string;
  /** Bounds connecting, each command and a whole sending. */
  readonly timeoutMs: number;
  /** Connections open at once, and so sendings at once. */
  readonly connections: number;
  /** Right-hand side of `Message-ID`. Default: the domain of `from`. */
  readonly messageIdDomain?: string;
  /** What becomes of a message nobody knows about. Default `at_most_once`: plain SMTP has no means against a repetition. */
  readonly policy?: DeliveryPolicy;
  /** What mails of a conversation carry beside; without it their ids are hashes, and answers go to the sender. */
  readonly identify?: Identify;
  /** Milliseconds since the epoch, for the `Date` header. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Email by SMTP. A slot is a ready, logged-in connection that is kept open from message to message; one message to one
 * address per transaction. `Message-ID` derives from the key, and the header `X-Campaign-Message` holds the key.
 * Plain SMTP has no means against a repetition, hence `at_most_once` (design, section 6).
 * Throws ChannelConfigError where the URL or the sender is wrong. Connects only when a slot is reserved.
 */
export function createEmailChannel(options: EmailOptions): Channel {
  const { timeoutMs, connections, now = Date.now, policy = 'at_most_once' } = options;
  const server = parseSmtpUrl(options.url);
  const sender = parseSender(options.from);
  const domain = options.messageIdDomain ?? sender.address.slice(sender.address.lastIndexOf('@') + 1);
  const pool = createSmtpPool(connections, (signals) => openSmtpSession(server, timeoutMs, signals));

  function slotOver(lease: Lease): Slot {
    let used = false;
    return {
      async send(message, signal, lastLook = go): Promise<Outcome> {
        if (used) return { status: 'deferred', reason: 'the slot was used before' };
        used = true;
        if (!isPlainAddress(message.to)) {
          lease.giveBack('clean');
          return { status: 'rejected', reason: 'not one plain address (local@domain)' };
        }
        let identity: EmailIdentity | null = null;
        let mail: string;
        try {
          const { key, conversationId } = message;
          if (conversationId !== undefined) identity = options.identify?.(key, conversationId) ?? null;
          mail = composeEmail(message, sender, domain, new Date(now()), identity);
        } catch (error) {
          lease.giveBack('clean');
          return { status: 'deferred', reason: tidyReason(errorText(error), message.to) };
        }
        const envelope = { from: identity?.returnPath ?? sender.address, to: message.to };
        const result = await lease.session.send(envelope, mail, signal, lastLook);
        lease.giveBack(result.kind === 'accepted' ? 'clean' : 'dirty');
        const outcome = smtpOutcome(result);
        return 'reason' in outcome ? { ...outcome, reason: tidyReason(outcome.reason, message.to) } : outcome;
      },
      release() {
        if (used) return;
        used = true;
        lease.giveBack('clean');
      },
    };
  }

  return {
    name: 'email',
    timeoutMs,
    atOnce: connections,
    defaultPolicy: policy,
    addressOf({ email }) {
      if (typeof email !== 'string' || email === '') return { missing: 'the recipient has no email' };
      return isPlainAddress(email) ? { to: email } : { missing: 'the email is not one plain address (local@domain)' };
    },
    reserve: async (signal) => slotOver(await pool.take(signal)),
    close: () => pool.close(),
  };
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i;

/** A password goes over an unencrypted connection only within this machine. */
function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw new ChannelConfigError('email', 'the URL must look like smtp://host:port or smtps://user:password@host');
  }
  const secure = url.protocol === 'smtps:';
  const auth = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  const server = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTls: !secure && auth.user !== '' && !LOOPBACK.test(url.hostname),
  };
  return auth.user === '' ? server : { ...server, auth };
}
