import { ChannelUnavailableError } from './channel.js';
import { errorText } from './reason.js';
import { createSemaphore } from './semaphore.js';
import type { SmtpSession } from './smtp-session.js';

/**
 * A bounded set of SMTP sessions that are kept open. A permit stands for one connection, so no more than
 * `connections` are ever open. Whoever holds a permit takes the most recently used idle session, or opens one where
 * there is none; giving back puts a healthy session among the idle ones first and frees the permit second.
 */
export interface SmtpPool {
  /** Waits in turn. Rejects with ChannelUnavailableError. */
  take(signal: AbortSignal): Promise<Lease>;
  /** Destroys what is in use, says QUIT where nothing is, and resolves when every connection is gone. */
  close(): Promise<void>;
}

export interface Lease {
  readonly session: SmtpSession;
  /** `dirty`: the last transaction was refused and is still open at the server. */
  giveBack(state: 'clean' | 'dirty'): void;
}

/** Many servers end a session after some number of messages; we leave before they do, as nodemailer's own pool does. */
const USES_PER_SESSION = 100;

/** `connect` makes a session ready to send; it is told to stop when one of the signals aborts. */
export function createSmtpPool(
  connections: number,
  connect: (signals: readonly AbortSignal[]) => Promise<SmtpSession>,
): SmtpPool {
  const permits = createSemaphore(connections, (reason) => new ChannelUnavailableError('email', reason));
  const closing = new AbortController();
  const idle: SmtpSession[] = [];
  /** Idle or in use. */
  const open = new Set<SmtpSession>();
  const uses = new WeakMap<SmtpSession, number>();

  function takeIdle(): SmtpSession | undefined {
    for (let session = idle.pop(); session; session = idle.pop()) {
      if (session.isAlive()) return session;
      session.destroy();
    }
    return undefined;
  }

  async function openOne(signal: AbortSignal): Promise<SmtpSession> {
    try {
      const session = await connect([signal, closing.signal]);
      if (closing.signal.aborted) session.destroy();
      open.add(session);
      session.onEnd(() => {
        open.delete(session);
        const position = idle.indexOf(session);
        if (position >= 0) idle.splice(position, 1);
      });
      return session;
    } catch (error) {
      throw new ChannelUnavailableError('email', errorText(error), { cause: error });
    }
  }

  /** What takes the server to find out, or to say goodbye to. */
  async function settle(session: SmtpSession, state: 'clean' | 'dirty', count: number): Promise<void> {
    const healthy = state === 'clean' || (await session.reset());
    if (!healthy || closing.signal.aborted) session.destroy();
    else if (count < USES_PER_SESSION) idle.push(session);
    else await session.quit();
  }

  /** The usual case needs no waiting: a session that has just delivered a mail is ready for the next one. */
  function recycle(session: SmtpSession, state: 'clean' | 'dirty', free: () => void): void {
    const count = (uses.get(session) ?? 0) + 1;
    uses.set(session, count);
    if (!session.isAlive() || closing.signal.aborted) session.destroy();
    else if (state === 'clean' && count < USES_PER_SESSION) idle.push(session);
    else return void settle(session, state, count).finally(free);
    free();
  }

  return {
    async take(signal) {
      const free = await permits.acquire(signal);
      try {
        const session = takeIdle() ?? (await openOne(signal));
        return { session, giveBack: (state) => recycle(session, state, free) };
      } catch (error) {
        free();
        throw error;
      }
    },
    async close() {
      permits.close();
      closing.abort();
      const unused = idle.splice(0);
      for (const session of open) if (!unused.includes(session)) session.destroy();
      await Promise.all(unused.map((session) => session.quit()));
    },
  };
}
