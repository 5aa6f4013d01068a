import type { Evidence } from './evidence.js';
import { SMTP_TIMEOUT_MS } from './world/world.js';

/** A time in which certain messages must not begin their way: something against them had been acknowledged. */
export interface ForbiddenSpan {
  /** When the acknowledgement was here; milliseconds since 1970. */
  readonly from: number;
  /** When it ended; absent: never. */
  readonly until?: number;
  /** For people: `campaign c was paused`. */
  readonly because: string;
}

/** From gate to wire at most this long (design, section 7, promise 6). */
const GATE_TO_WIRE_MS = 1000;
/** The apps' estimates of MongoDB's clock differ by a few milliseconds. */
const CLOCK_MS = 50;

/**
 * Promise 6 from outside: a row that was claimed behind the acknowledgement was looked at by the gate behind it, so it
 * must not have been accepted; and whatever passed the gate before is at the mail server within a second and one SMTP
 * dialogue. Answers a sentence for each message that broke it.
 */
export function sentAgainst(evidence: Evidence, spanOf: (key: string) => readonly ForbiddenSpan[]): string[] {
  const rows = new Map(evidence.rows.map((row) => [row._id, row]));
  return evidence.journal.flatMap(({ key, at }) =>
    spanOf(key).flatMap(({ from, until = Number.POSITIVE_INFINITY, because }) => {
      const row = rows.get(key);
      const within = (time: number, slack: number) => time > from + slack && time < until - CLOCK_MS;
      if (row?.status === 'sent' && within(row.claimed_at, CLOCK_MS)) {
        return [`${key} left, claimed ${row.claimed_at - from} ms after ${because}`];
      }
      return within(at, GATE_TO_WIRE_MS + SMTP_TIMEOUT_MS) ? [`${key} arrived ${at - from} ms after ${because}`] : [];
    }),
  );
}
