import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { type Addresses, createAddresses, createTokens, type InboundAddress } from '@campaign-manager/mail';
import { inTrace, listenOn } from '@campaign-manager/runtime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { createHandIn } from '../responses/hand-in.js';
import type { InboundContext } from './context.js';
import { createExpectedAnswers } from './expected-answers.js';
import { createGuests } from './guests.js';
import { SmtpRefusal } from './smtp-refusal.js';
import { type TakeMailDeps, takeMail, type Verdict } from './take-mail.js';

export interface Inbound {
  /** Where it listens, such as `smtp://127.0.0.1:2525`. */
  readonly url: string;
  /** Takes no further mail, answers what is under way, closes every connection. */
  stop(): Promise<void>;
}

export interface InboundLimits {
  /** Of one mail. */
  readonly bytes: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
  readonly mailsPerMinuteAndAddress: number;
  /** From the end of a mail to its answer. Senders wait ten minutes (RFC 5321, section 4.5.3.2.6). */
  readonly answerMs: number;
}

const LIMITS: InboundLimits = {
  bytes: 1_048_576,
  connections: 200,
  connectionsPerAddress: 50,
  mailsPerMinuteAndAddress: 3000,
  answerMs: 30_000,
};

const IDLE_MS = 60_000;
const CLOSE_MS = 2000;

/**
 * Takes inbound mail by SMTP on INBOUND_SMTP_HOST and INBOUND_SMTP_PORT; null where no port is set. An address without
 * our signature is refused before its mail is read. A mail is answered with 250 only when what follows from it is stored.
 * @throws PortError where the port is taken or may not be opened.
 */
export async function startInbound(
  context: InboundContext,
  changed: Partial<InboundLimits> = {},
): Promise<Inbound | null> {
  const { inboundSmtpPort: port, inboundSmtpHost: host, inboundDomain: domain, linkSecret: secret } = context.config;
  if (port === undefined || domain === undefined || secret === undefined) return null;
  const limits = { ...LIMITS, ...changed };
  const addresses = createAddresses(secret, domain);
  const deps = {
    context,
    tokens: createTokens(secret),
    expectedAnswersOf: createExpectedAnswers(context.store),
    handIn: createHandIn(context),
  };
  const guests = createGuests(limits.connectionsPerAddress, limits.mailsPerMinuteAndAddress);

  const smtp = new SMTPServer({
    name: domain,
    banner: 'Campaign Manager takes replies',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    hideDSN: true,
    size: limits.bytes,
    maxClients: limits.connections,
    socketTimeout: IDLE_MS,
    closeTimeout: CLOSE_MS,
    logger: false,
    onConnect: ({ remoteAddress }, answer) => {
      answer(guests.enter(remoteAddress) ? null : new SmtpRefusal(421, '4.7.0 Too many connections from this address'));
    },
    onClose: ({ remoteAddress }) => guests.leave(remoteAddress),
    onMailFrom: (_, { remoteAddress }, answer) => {
      const welcome = guests.handIn(remoteAddress, context.clock.now());
      answer(welcome ? null : new SmtpRefusal(450, '4.7.1 Too many mails from this address: try again in a minute'));
    },
    onRcptTo: ({ address }, { envelope }, answer) => answer(admit(addresses, address, envelope.rcptTo.length)),
    onData: (stream, session, answer) => {
      inTrace('inbound mail', () => receive(deps, limits, addresses, stream, session), { kind: 'server' }).then(
        (text) => answer(null, text),
        (error) => answer(error),
      );
    },
  });
  let listens = false; // until then, whoever started it is told
  smtp.on('error', (error) => {
    if (!listens) return;
    context.logger.warn({ err: error }, 'A connection to the inbound listener broke');
  });
  smtp.server.listen(port, host);
  await listenOn('INBOUND_SMTP_PORT', port, once(smtp.server, 'listening'));
  listens = true;
  return {
    url: urlOf(smtp),
    stop: () => new Promise((resolve) => smtp.close(resolve)),
  };
}

/** One recipient a mail: its answer is then the answer to that one alone. Whoever has more sends it again for the next. */
function admit(addresses: Addresses, address: string, others: number): SmtpRefusal | null {
  if (addresses.read(address) === null) return new SmtpRefusal(550, '5.1.1 There is no such address here');
  return others > 0 ? new SmtpRefusal(452, '4.5.3 One recipient at a time') : null;
}

/** Answers the text of the 250, or rejects with an SmtpRefusal. */
async function receive(
  deps: TakeMailDeps,
  { bytes, answerMs }: InboundLimits,
  addresses: Addresses,
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<string> {
  const { metrics, logger } = deps.context;
  const to = addresses.read(envelope.rcptTo[0]?.address ?? '');
  const raw = await read(stream, bytes);
  if (!to || !raw) {
    metrics.inboundMails.inc({ kind: 'refused' });
    throw new SmtpRefusal(552, '5.3.4 This mail is too long');
  }
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const verdict = await within(answerMs, takeMail(deps, raw, { from, to })).catch((error: unknown) => {
    metrics.inboundMails.inc({ kind: 'failed' });
    logger.error({ err: error }, 'An inbound mail could not be stored; its sender tries again');
    throw new SmtpRefusal(451, '4.3.0 This mail cannot be stored at the moment: try again');
  });
  return tell(deps.context, verdict, to);
}

function tell({ metrics, logger }: InboundContext, verdict: Verdict, to: InboundAddress): string {
  metrics.inboundMails.inc({ kind: verdict.as });
  if (verdict.as === 'refused') {
    logger.info({ kind: verdict.as, address: to.kind, reply: verdict.code }, 'An inbound mail was refused');
    throw new SmtpRefusal(verdict.code, verdict.text);
  }
  const { as: kind, conversationId: conversation_id } = verdict;
  logger.info({ kind, address: to.kind, conversation_id }, 'An inbound mail was taken');
  return `OK: ${kind}`;
}

/** Null where it is longer than that; it is read to its end, as the protocol wants, but not kept. */
async function read(stream: SMTPServerDataStream, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : null;
}

/** Thrown when a mail was not stored in time. It may be stored yet: its sender's next try changes nothing then. */
class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooSlowError(`It took more than ${ms} ms.`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function urlOf(smtp: SMTPServer): string {
  const listening = smtp.server.address();
  if (listening === null || typeof listening === 'string') throw new TypeError('A TCP server has a port.');
  const { address, port } = listening;
  return `smtp://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
