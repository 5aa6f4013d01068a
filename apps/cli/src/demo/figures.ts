import type { Stories } from './compare.js';

/** What a campaign amounts to, for the closing table; the same for prediction and life. */
export interface Figures {
  readonly sent: number;
  readonly follow_ups: number;
  readonly replies: number;
  readonly advanced: number;
  /** Conversations by result. */
  readonly completed: Readonly<Record<string, number>>;
  /** Conversations that entered each stage, whether they went on or not. */
  readonly reached: Readonly<Record<string, number>>;
}

/** Counts what the stories of a campaign's conversations tell. Pure. */
export function figuresOf(stories: Stories): Figures {
  const lines = [...stories.values()].flat();
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  return {
    sent: count(/^sent /),
    follow_ups: count(/^sent .*\/[1-9]\d*$/),
    replies: count(/^response/),
    advanced: count(/^advanced /),
    completed: tally(lines, /^completed (\w+)/),
    reached: tally(lines, /^entered (.+)$/),
  };
}

function tally(lines: readonly string[], pattern: RegExp): Readonly<Record<string, number>> {
  const totals = new Map<string, number>();
  for (const line of lines) {
    const name = pattern.exec(line)?.[1];
    if (name !== undefined) totals.set(name, (totals.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(totals);
}
