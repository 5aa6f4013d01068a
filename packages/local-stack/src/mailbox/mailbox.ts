import { once } from 'node:events';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { MailFate, MailMishap, Sender, Visit, VisitFate } from './fates.js';
import { openJournal } from './journal.js';
import { readMail } from './read-mail.js';
import type { ReceivedMail } from './received-mail.js';

export interface MailboxOptions {
  /** Port on 127.0.0.1. Without it, any free one. */
  readonly port?: number;
  /**
   * File that gets one JSON line per accepted mail, on the disk before the sender gets its 250: what it holds was
   * accepted, what it does not hold was not acknowledged, whoever is killed. Mails already in it are in the mailbox again.
   */
  readonly journalPath?: string;
  /** Decides on each mail, whose sender waits for the answer to its body meanwhile. Default: accept. */
  readonly intercept?: (mail: ReceivedMail, sender: Sender) => MailFate | Promise<MailFate>;
  /** Decides before there is a mail, while the sender waits at this point. Default: go on. */
  readonly greet?: (visit: Visit) => VisitFate | Promise<VisitFate>;
  /**
   * File that gets one JSON line for every mail or visit that was refused, dropped or left hanging, before anybody
   * hears of it.
   */
  readonly mishapsPath?: string;
  /** How long it takes to answer a mail that it has kept, in milliseconds. Default: 0. */
  readonly latencyMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** An SMTP server on 127.0.0.1 that plays the customers' mail servers: no TLS, no login, any recipient. */
export interface Mailbox {
  /** `smtp://127.0.0.1:<port>` */
  readonly uri: string;
  /** All accepted mails, oldest first. */
  messages(): readonly ReceivedMail[];
  /** Calls the listener with each mail right after its 250; the returned function ends that. */
  onMail(listener: (mail: ReceivedMail) => void): () => void;
  /** Closes the server and its connections, also those that hang. */
  stop(): Promise<void>;
}

type Answer = (error?: Error | null, text?: string) => void;

class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal';
  readonly responseCode: number;

  constructor(code: number, text: string) {
    super(text);
    this.responseCode = code;
  }
}

/** Starts a mailbox. Rejects when the port is taken or a journal cannot be written. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const {
    port = 0,
    journalPath,
    mishapsPath,
    intercept = () => 'accept',
    greet = () => 'go',
    latencyMs = 0,
    now = Date.now,
  } = options;
  const journal = journalPath === undefined ? undefined : await openJournal<ReceivedMail>(journalPath);
  const mishaps = mishapsPath === undefined ? undefined : await openJournal<MailMishap>(mishapsPath);
  const mails: ReceivedMail[] = [...(journal?.earlier ?? [])];
  const listeners = new Set<(mail: ReceivedMail) => void>();
  const sockets = new Map<number, Socket>();

  const keep = async (mail: ReceivedMail) => {
    await journal?.append(mail);
    mails.push(mail);
  };
  const note = async (mishap: Omit<MailMishap, 'at'>) => mishaps?.append({ ...mishap, at: now() });
  const socketOf = ({ remotePort }: SMTPServerSession) => sockets.get(remotePort);

  const decide = async (mail: ReceivedMail, sender: Sender, drop: () => void, answer: Answer) => {
    const fate = await intercept(mail, sender);
    const about = { point: 'body' as const, to: mail.to, headers: mail.headers };
    if (typeof fate === 'object') {
      await note({ ...about, kind: 'refused', code: fate.code, kept: false });
      return answer(new SmtpRefusal(fate.code, fate.text));
    }
    const kept = fate === 'accept' || fate === 'accept-then-drop' || fate === 'accept-then-hang';
    if (kept) await keep(mail);
    if (kept && latencyMs > 0) await delay(latencyMs);
    if (fate !== 'accept') {
      const hangs = fate === 'hang' || fate === 'accept-then-hang';
      await note({ ...about, kind: hangs ? 'hung' : 'dropped', kept });
      if (!hangs) drop();
    } else answer(null, 'OK: kept');
    // What a listener throws is not the sender's fault.
    if (kept) for (const listener of listeners) queueMicrotask(() => listener(mail));
  };

  const pass = async (
    where: Omit<Visit, 'sender'>,
    session: SMTPServerSession,
    go: (refusal?: SmtpRefusal) => void,
  ) => {
    const fate = await greet({ ...where, sender: { port: session.remotePort } });
    if (fate === 'go') return go();
    const about = { point: where.point, to: where.to, kept: false };
    if (typeof fate === 'object') {
      await note({ ...about, kind: 'refused', code: fate.code });
      return go(new SmtpRefusal(fate.code, fate.text));
    }
    await note({ ...about, kind: fate === 'hang' ? 'hung' : 'dropped' });
    if (fate === 'drop') socketOf(session)?.destroy();
  };
  const failed = (error: Error) => new SmtpRefusal(451, `The mailbox could not keep this: ${error.message}`);

  const onData = (stream: SMTPServerDataStream, session: SMTPServerSession, answer: Answer) => {
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = {
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address).join(', '),
    };
    const socket = socketOf(session);
    const drop = () => void socket?.destroy();
    // The library says 354 right after this call: a corked socket keeps it back.
    socket?.cork();
    pass({ point: 'data', ...envelope }, session, () => socket?.uncork()).catch(drop);
    buffer(stream)
      .then(readMail)
      .then((content) =>
        decide({ ...content, ...envelope, receivedAt: now() }, { port: session.remotePort }, drop, answer),
      )
      .catch((error) => answer(failed(error)));
  };

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1,
    logger: false,
    onConnect: (session, answer) => {
      pass({ point: 'connect', from: '', to: '' }, session, answer).catch((error) => answer(failed(error)));
    },
    onRcptTo: ({ address }, session, answer) => {
      const { mailFrom } = session.envelope;
      const from = mailFrom === false ? '' : mailFrom.address;
      pass({ point: 'rcpt', from, to: address }, session, answer).catch((error) => answer(failed(error)));
    },
    onData,
  });
  // Senders that vanish are what tests are about.
  smtp.on('error', () => undefined);
  smtp.server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  smtp.server.listen(port, '127.0.0.1');
  await once(smtp.server, 'listening');
  const address = smtp.server.address();
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port.');

  return {
    uri: `smtp://127.0.0.1:${address.port}`,
    messages: () => mails,
    onMail: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => smtp.close(resolve));
      for (const socket of sockets.values()) socket.destroy();
      await closed;
      await Promise.all([journal?.close(), mishaps?.close()]);
    },
  };
}
