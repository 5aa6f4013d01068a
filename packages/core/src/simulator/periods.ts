import type { DayReport } from './report.js';

export interface Period extends Omit<DayReport, 'day'> {
  /** First and last day, both included. */
  readonly from: number;
  readonly to: number;
}

/** Days that readers count in. */
const USUAL_DAYS = [1, 7, 14, 30, 91, 182, 365] as const;

/** The days in at most `most` periods of equal length, without gaps, from day 0 to the last on which something happened. */
export function periodsOf(days: readonly DayReport[], most: number): readonly Period[] {
  const last = days.at(-1)?.day;
  if (last === undefined) return [];
  const needed = (last + 1) / most;
  const length = USUAL_DAYS.find((usual) => usual >= needed) ?? Math.ceil(needed / 365) * 365;
  const periods: Period[] = Array.from({ length: Math.floor(last / length) + 1 }, (_, index) => ({
    from: index * length,
    to: (index + 1) * length - 1,
    messages: 0,
    follow_ups: 0,
    responses: 0,
    escalations: 0,
    completed: 0,
  }));
  for (const day of days) {
    const index = Math.floor(day.day / length);
    const period = periods[index];
    if (period) periods[index] = plus(period, day);
  }
  return periods;
}

/** `day 3` or `days 7-13`. */
export function periodName({ from, to }: Period): string {
  return from === to ? `day ${from}` : `days ${from}-${to}`;
}

function plus(period: Period, day: DayReport): Period {
  return {
    from: period.from,
    to: period.to,
    messages: period.messages + day.messages,
    follow_ups: period.follow_ups + day.follow_ups,
    responses: period.responses + day.responses,
    escalations: period.escalations + day.escalations,
    completed: period.completed + day.completed,
  };
}
