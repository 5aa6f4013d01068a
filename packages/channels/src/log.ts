import { type Channel, ChannelUnavailableError, type Outcome } from './channel.js';
import { askLastLook, go } from './last-look.js';
import { errorText } from './reason.js';

export interface LogOptions {
  readonly write: (line: string) => void;
  /** Also write address, subject and body, which are personal data. Default false. */
  readonly includeContent?: boolean;
}

/** `write` is synchronous, so nothing is ever waited for; leases still want a number. */
const TIMEOUT_MS = 1000;

/** For trying out: writes one JSON line per message and accepts it. A line too many harms nobody. */
export function createLogChannel({ write, includeContent = false }: LogOptions): Channel {
  let closed = false;
  return {
    name: 'log',
    timeoutMs: TIMEOUT_MS,
    atOnce: Number.POSITIVE_INFINITY,
    defaultPolicy: 'at_least_once',
    addressOf({ email, phone, _id }) {
      const to = [email, phone, _id].find((value) => typeof value === 'string' && value !== '');
      return typeof to === 'string' ? { to } : { missing: 'the recipient has neither email nor phone nor _id' };
    },
    async reserve(signal) {
      if (closed) throw new ChannelUnavailableError('log', 'it is closed');
      if (signal.aborted) throw new ChannelUnavailableError('log', 'the wait was aborted');
      let used = false;
      return {
        async send({ key, attempt, to, subject, body }, sending, lastLook = go): Promise<Outcome> {
          if (used || closed) return { status: 'deferred', reason: used ? 'the slot was used before' : 'closed' };
          used = true;
          if (sending.aborted) return { status: 'deferred', reason: 'aborted' };
          const stop = await new Promise<string | null>((decide) => askLastLook(lastLook, decide));
          if (stop !== null) return { status: 'held_back', reason: stop };
          if (sending.aborted) return { status: 'deferred', reason: 'aborted' };
          try {
            const content = includeContent ? { to, subject, body } : {};
            write(JSON.stringify({ channel: 'log', key, attempt, ...content }));
            return { status: 'accepted' };
          } catch (error) {
            return { status: 'unknown', reason: errorText(error) };
          }
        },
        release() {
          used = true;
        },
      };
    },
    async close() {
      closed = true;
    },
  };
}
