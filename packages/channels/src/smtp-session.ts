import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { LastLook } from './channel.js';
import { startDeadline } from './deadline.js';
import { lazyBody } from './lazy-body.js';
import { errorText } from './reason.js';
import type { SmtpResult } from './smtp-outcome.js';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps:`). Otherwise STARTTLS is used where it is offered. */
  readonly secure: boolean;
  /** Refuse to go on without STARTTLS. */
  readonly requireTls: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** One connection to the server, greeted and logged in. */
export interface SmtpSession {
  isAlive(): boolean;
  /**
   * Runs one transaction within the time-out, with a last look when the server has granted DATA. Never rejects; without
   * an answer, or where the look says stop, the connection is destroyed.
   */
  send(envelope: Envelope, content: Buffer, signal: AbortSignal, lastLook: LastLook): Promise<SmtpResult>;
  /** Ends a refused transaction (RSET). Resolves with whether the session can be used again. */
  reset(): Promise<boolean>;
  /** Says QUIT, waits shortly for the answer, and closes. */
  quit(): Promise<void>;
  destroy(): void;
  onEnd(listener: () => void): void;
}

const QUIT_GRACE_MS = 1000;

/** Connects, greets and logs in, all within `timeoutMs`. Rejects with the server's answer or the reason of the system. */
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
    const ready = () => {
      callOff();
      resolve(sessionOver(connection, timeoutMs));
    };
    connection.on('error', fail);
    connection.once('end', () => fail(new Error('the connection was closed')));
    const callOff = startDeadline(timeoutMs, signals, (reason) => fail(new Error(reason)));
    connection.connect((error) => {
      if (error) fail(error);
      else if (!server.auth) ready();
      else connection.login({ ...server.auth }, (refused) => (refused ? fail(refused) : ready()));
    });
  });
}

function sessionOver(connection: SMTPConnection, timeoutMs: number): SmtpSession {
  const isAlive = () => {
    const socket = connection._socket;
    return !connection.destroyed && !!socket && !socket.destroyed && socket.readable && socket.writable;
  };

  return {
    isAlive,
    send(envelope, content, signal, lastLook) {
      let bodyStarted = false;
      let over = false;
      if (signal.aborted) {
        connection.close();
        return Promise.resolve({ kind: 'lost', bodyStarted, reason: 'aborted' });
      }
      return new Promise((resolve) => {
        const callOff = startDeadline(timeoutMs, [signal], (reason) => {
          over = true;
          connection.close();
          resolve({ kind: 'lost', bodyStarted, reason });
        });
        const body = lazyBody(content, lastLook, {
          onStart: () => {
            bodyStarted = true;
          },
          onStop: (reason) => finish({ kind: 'stopped', reason }),
          isOver: () => over,
        });
        connection.once('end', onEnd);
        connection.send({ from: envelope.from, to: [envelope.to] }, body, (error, info) => {
          finish(error ? failure(error, bodyStarted) : { kind: 'accepted', response: info?.response ?? '' });
        });
        // The library reports a lost connection to the callback in the same turn, and knows more of the reason.
        function onEnd() {
          setImmediate(() => finish({ kind: 'lost', bodyStarted, reason: 'the connection was closed' }));
        }
        function finish(result: SmtpResult) {
          over = true;
          callOff();
          connection.off('end', onEnd);
          resolve(result); // first: closing ends the transaction, which has less to tell
          if (result.kind === 'lost' || result.kind === 'stopped') connection.close();
        }
      });
    },
    reset() {
      return new Promise((resolve) => {
        const settle = (usable: boolean) => {
          callOff();
          connection.off('end', onEnd);
          resolve(usable && isAlive());
        };
        const onEnd = () => settle(false);
        const callOff = startDeadline(timeoutMs, [], () => connection.close());
        connection.once('end', onEnd);
        connection.reset((error) => settle(!error));
      });
    },
    quit() {
      return new Promise((resolve) => {
        if (!isAlive()) return resolve(connection.close());
        const callOff = startDeadline(QUIT_GRACE_MS, [], () => connection.close());
        connection.once('end', () => {
          callOff();
          resolve();
        });
        connection.quit();
      });
    },
    destroy: () => connection.close(),
    onEnd: (listener) => void connection.once('end', listener),
  };
}

interface SmtpError extends Error {
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
  readonly command?: string | undefined;
}

function failure(error: SmtpError, bodyStarted: boolean): SmtpResult {
  const { responseCode: code, response, command = 'CONN' } = error;
  if (!code || !response) return { kind: 'lost', bodyStarted, reason: errorText(error) };
  return { kind: 'answered', bodyStarted, command, code, response };
}
