import { once } from 'node:events';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type Journal, openJournal } from './journal.js';
import { readMail } from './read-mail.js';
import type { ReceivedMail } from './received-mail.js';

/**
 * What happens to a mail once its body has been read.
 * - `accept`: kept, and answered with 250.
 * - a code and a text: refused with them, 4xx for now, 5xx for good.
 * - `hang`: not kept, never answered.
 * - `drop`: not kept, the connection is destroyed.
 * - `accept-then-drop`: kept, but the connection is destroyed before the 250: the sender cannot know.
 */
export type MailFate =
  | 'accept'
  | 'hang'
  | 'drop'
  | 'accept-then-drop'
  | { readonly code: number; readonly text: string };

export interface MailboxOptions {
  /** Port on 127.0.0.1. Without it, any free one. */
  readonly port?: number;
  /**
   * File that gets one JSON line per accepted mail, on the disk before the sender gets its 250: what it holds was
   * accepted, what it does not hold was not acknowledged, whoever is killed. Mails already in it are in the mailbox again.
   */
  readonly journalPath?: string;
  /** Decides on each mail. Default: accept. */
  readonly intercept?: (mail: ReceivedMail) => MailFate;
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

/** Starts a mailbox. Rejects when the port is taken or the journal cannot be written. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const { port = 0, journalPath, intercept = () => 'accept', now = Date.now } = options;
  const journal: Journal | undefined = journalPath === undefined ? undefined : await openJournal(journalPath);
  const mails: ReceivedMail[] = [...(journal?.earlier ?? [])];
  const listeners = new Set<(mail: ReceivedMail) => void>();
  const sockets = new Map<number, Socket>();

  const keep = async (mail: ReceivedMail) => {
    await journal?.append(mail);
    mails.push(mail);
  };

  const decide = async (mail: ReceivedMail, drop: () => void, answer: Answer) => {
    const fate = intercept(mail);
    if (fate === 'hang') return;
    if (fate === 'drop') return drop();
    if (typeof fate === 'object') return answer(new SmtpRefusal(fate.code, fate.text));
    await keep(mail);
    if (fate === 'accept-then-drop') drop();
    else answer(null, 'OK: kept');
    // What a listener throws is not the sender's fault.
    for (const listener of listeners) queueMicrotask(() => listener(mail));
  };

  const onData = (stream: SMTPServerDataStream, session: SMTPServerSession, answer: Answer) => {
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = {
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address).join(', '),
    };
    const drop = () => void sockets.get(session.remotePort)?.destroy();
    buffer(stream)
      .then(readMail)
      .then((content) => decide({ ...content, ...envelope, receivedAt: now() }, drop, answer))
      .catch((error) => answer(new SmtpRefusal(451, `The mailbox could not keep this: ${error.message}`)));
  };

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1,
    logger: false,
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
      await journal?.close();
    },
  };
}
