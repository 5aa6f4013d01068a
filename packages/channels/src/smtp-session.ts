import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { LastLook } from './channel.js';
import { startDeadline } from './deadline.js';
import { dotStuffed } from './dot-stuffing.js';
import { onAbort } from './on-abort.js';
import { type Envelope, envelopeCommands } from './smtp-envelope.js';
import type { SmtpResult } from './smtp-outcome.js';
import type { Reply } from './smtp-replies.js';
import { runTransaction } from './smtp-transaction.js';
import { readExtensions, type SmtpWire, takeOver } from './smtp-wire.js';
import { createWatchdog } from './watchdog.js';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`). Otherwise STARTTLS is used where it is offered. */
  readonly secure: boolean;
  /** Refuse to go on without STARTTLS. */
  readonly requireTls: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

/** One connection to the server, greeted and logged in. */
export interface SmtpSession {
  isAlive(): boolean;
  /**
   * Runs one transaction within the time-out, with a last look when the server has granted DATA. `mail` holds one
   * character a byte. Never rejects; without an answer, or where the look says stop, the connection is destroyed.
   */
  send(envelope: Envelope, mail: string, signal: AbortSignal, lastLook: LastLook): Promise<SmtpResult>;
  /** Ends a refused transaction (RSET). Resolves with whether the session can be used again. */
  reset(): Promise<boolean>;
  /** Says QUIT, waits shortly for the answer, and closes. */
  quit(): Promise<void>;
  destroy(): void;
  onEnd(listener: () => void): void;
}

const QUIT_GRACE_MS = 1000;

/**
 * Connects, greets, encrypts and logs in, all within `timeoutMs`: that is the library's. The transactions are ours, since
 * they are the whole cost of a mail. Rejects with the server's answer or the reason of the system.
 */
export function openSmtpSession(
  server: SmtpServer,
  timeoutMs: number,
  signals: readonly AbortSignal[],
): Promise<SmtpSession> {
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: server.requireTls,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketCloseTimeout: 0, // close() destroys the socket at once
  });
  return new Promise((resolve, reject) => {
    // Stays for the whole life of the connection: an idle one that breaks must not throw.
    const fail = (error: Error) => {
      callOff();
      reject(error); // first, because closing ends the connection, which is a failure with less to tell
      connection.close();
    };
    connection.on('error', fail);
    connection.once('end', () => fail(new Error('the connection was closed')));
    const callOff = startDeadline(timeoutMs, signals, (reason) => fail(new Error(reason)));
    connection.connect((error) => {
      if (error) return fail(error);
      const extensions = readExtensions(connection.lastServerResponse);
      const ready = () => {
        callOff();
        resolve(sessionOver(takeOver(connection, extensions), timeoutMs));
      };
      if (!server.auth) ready();
      else connection.login({ ...server.auth }, (refused) => (refused ? fail(refused) : ready()));
    });
  });
}

function sessionOver(wire: SmtpWire, timeoutMs: number): SmtpSession {
  const watchdog = createWatchdog(timeoutMs);
  wire.onEnd(watchdog.dispose);

  function lost(reason: string): Promise<SmtpResult> {
    wire.destroy();
    return Promise.resolve({ kind: 'lost', bodyStarted: false, reason });
  }

  return {
    isAlive: wire.isAlive,
    send(envelope, mail, signal, lastLook) {
      if (signal.aborted) return lost('aborted');
      if (!wire.isAlive()) return lost('the connection was closed');
      const commands = envelopeCommands(envelope, wire.smtpUtf8);
      if (!commands) return lost('an address of the envelope holds what no address may hold');
      const data = dotStuffed(mail);
      return new Promise((resolve) => {
        const giveUp = runTransaction(wire, {
          mail: commands.mail,
          rcpt: commands.rcpt,
          data,
          lastLook,
          onResult(result, inOrder) {
            watchdog.stop();
            stopListening();
            resolve(result);
            if (!inOrder) wire.destroy();
          },
        });
        const stopListening = onAbort(signal, () => giveUp('aborted'));
        watchdog.start(() => giveUp(`no answer within ${timeoutMs} ms`));
      });
    },
    async reset() {
      const reply = await ask(wire, 'RSET', timeoutMs);
      return reply !== null && reply.code >= 200 && reply.code < 300 && wire.isAlive();
    },
    async quit() {
      await ask(wire, 'QUIT', QUIT_GRACE_MS);
      wire.destroy();
    },
    destroy: wire.destroy,
    onEnd: wire.onEnd,
  };
}

/** One command between two transactions. Null where no answer came in time; then the connection is gone. */
function ask(wire: SmtpWire, command: string, timeoutMs: number): Promise<Reply | null> {
  if (!wire.isAlive()) {
    wire.destroy();
    return Promise.resolve(null);
  }
  return new Promise((resolve) => {
    const settle = (reply: Reply | null) => {
      callOff();
      wire.listen(null);
      resolve(reply);
      if (reply === null) wire.destroy();
    };
    const callOff = startDeadline(timeoutMs, [], () => settle(null));
    wire.listen({ onReply: settle, onEnd: () => settle(null) });
    wire.write(`${command}\r\n`);
  });
}
