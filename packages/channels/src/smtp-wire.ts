import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { errorText } from './reason.js';
import { createReplyReader, type Reply } from './smtp-replies.js';

/** Whoever is in conversation with the server. */
export interface WireListener {
  onReply(reply: Reply): void;
  /** The connection is gone; nothing follows. */
  onEnd(reason: string): void;
}

/** A connection that is greeted and logged in: text out, whole replies in. */
export interface SmtpWire {
  /** The server takes several commands at once (RFC 2920). */
  readonly pipelining: boolean;
  /** The server takes addresses beyond ASCII (RFC 6531). */
  readonly smtpUtf8: boolean;
  isAlive(): boolean;
  /** Writes commands or a mail: one character a byte. */
  write(text: string): void;
  /** Whether something of ours has not left this process yet. */
  isWriting(): boolean;
  /** Whether the server has said more than was handed to a listener. */
  hasUnread(): boolean;
  /** One at a time. While nobody listens, whatever the server says ends the connection. */
  listen(listener: WireListener | null): void;
  destroy(): void;
  onEnd(listener: () => void): void;
}

/** Those that the reply to EHLO announces; the one to HELO announces none. */
export type Extensions = Pick<SmtpWire, 'pipelining' | 'smtpUtf8'>;

export function readExtensions(ehlo: string | false): Extensions {
  const announces = (keyword: string) => new RegExp(`^\\d{3}[ -]${keyword}\\s*$`, 'im').test(ehlo || '');
  return { pipelining: announces('PIPELINING'), smtpUtf8: announces('SMTPUTF8') };
}

/**
 * Takes the socket over from the library once that has connected, greeted, encrypted and logged in. What the socket
 * tells of its end stays with the library, which closes the connection and says so; only what the server says comes to
 * us. Bytes that the library still holds were said out of turn, and make it close the connection.
 */
export function takeOver(connection: SMTPConnection, extensions: Extensions): SmtpWire {
  const socket = connection._socket;
  if (!socket) throw new Error('the connection was closed');
  const reader = createReplyReader();
  let listener: WireListener | null = null;
  let ended = false;

  function end(reason: string): void {
    if (ended) return;
    ended = true;
    const last = listener;
    listener = null;
    connection.close();
    last?.onEnd(reason);
  }

  function hear(chunk: Buffer): void {
    reader.push(chunk);
    while (!ended) {
      const next = reader.next();
      if (next === null) {
        // Nobody waits for what has begun here either.
        if (listener === null && reader.unread() !== '') end('the server spoke out of turn');
        return;
      }
      if (next.kind === 'broken') end(next.reason);
      else if (listener === null) end(`the server spoke out of turn: ${next.text}`);
      else listener.onReply(next);
    }
  }

  function endReason(): string {
    const rest = reader.unread();
    return rest === '' ? 'the connection was closed' : `the connection was closed in the middle of a reply: ${rest}`;
  }

  connection.on('error', (error) => end(errorText(error)));
  connection.once('end', () => end(endReason()));
  socket.removeAllListeners('data');
  socket.on('data', hear);

  return {
    ...extensions,
    isAlive: () => !ended && !connection.destroyed && !socket.destroyed && socket.readable && socket.writable,
    write: (text) => void socket.write(text, 'latin1'),
    isWriting: () => socket.writableLength > 0,
    hasUnread: () => reader.unread() !== '',
    listen(next) {
      listener = next;
    },
    destroy: () => end('the connection was closed'),
    onEnd: (told) => void connection.once('end', told),
  };
}
