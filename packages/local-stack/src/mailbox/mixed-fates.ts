import { createHash } from 'node:crypto';
import type { MailFate, Visit, VisitFate } from './fates.js';
import type { ReceivedMail } from './received-mail.js';

/** Of all mails, the shares (0 to 1) that meet a mishap; half of it at `RCPT TO`, half of it after the body. */
export interface Shares {
  /** Answered with 4xx. */
  readonly deferred?: number;
  /** Answered with 5xx. */
  readonly rejected?: number;
  /** The connection breaks; after the body, half of these mails are kept. */
  readonly dropped?: number;
}

export interface MixedFates {
  readonly greet: (visit: Visit) => VisitFate;
  readonly intercept: (mail: ReceivedMail) => MailFate;
}

/**
 * A server in a bad mood, the same for the same seed: the fate hangs on who is written to and how often he was before,
 * not on the order in which the mails of all come.
 */
export function mixedFates(seed: number, { deferred = 0, rejected = 0, dropped = 0 }: Shares): MixedFates {
  const seen = new Map<string, number>();
  const draw = (point: string, to: string): number => {
    const place = `${point} ${to}`;
    const nth = (seen.get(place) ?? 0) + 1;
    seen.set(place, nth);
    return createHash('sha256').update(`${seed} ${place} ${nth}`).digest().readUInt32BE(0) / 2 ** 32;
  };
  const mood = (point: string, to: string) => {
    const x = draw(point, to) * 2;
    if (x < deferred) return 'deferred';
    if (x < deferred + rejected) return 'rejected';
    return x < deferred + rejected + dropped ? 'dropped' : 'fine';
  };

  return {
    greet: ({ point, to }) => {
      if (point !== 'rcpt') return 'go';
      switch (mood('rcpt', to)) {
        case 'deferred':
          return { code: 450, text: 'The mailbox is busy' };
        case 'rejected':
          return { code: 550, text: 'Nobody of that name' };
        case 'dropped':
          return 'drop';
        default:
          return 'go';
      }
    },
    intercept: ({ to }) => {
      switch (mood('body', to)) {
        case 'deferred':
          return { code: 451, text: 'Later, please' };
        case 'rejected':
          return { code: 554, text: 'Not wanted here' };
        case 'dropped':
          return draw('kept', to) < 0.5 ? 'accept-then-drop' : 'drop';
        default:
          return 'accept';
      }
    },
  };
}
