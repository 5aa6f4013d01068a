import type { CompiledMessage, CompiledStage } from '../engine/types.js';
import { createFault } from '../schemas/fault.js';
import type { FaultList } from '../schemas/fault-list.js';

const MS_PER_HOUR = 3_600_000;

/** When the stage is left at the latest if nobody answers, counted from its entry, and what ends it. */
interface End {
  readonly ms: number;
  readonly what: string;
  /** The stage waits at its end for its last message to leave: what falls on the same instant still happens. */
  readonly lingers?: boolean;
}

/** Messages, follow-ups and an escalation that come too late to happen. */
export function lintTimes(stage: CompiledStage, warnings: FaultList): void {
  const dues = dueTimes(stage.messages);
  const end = endOf(stage, dues);
  const { max_ms: maxMs } = stage;
  for (const [index, message] of stage.messages.entries()) {
    const due = dues[index] ?? 0;
    if (due > maxMs) {
      warnings.add(() =>
        createFault(
          ['stages', stage.name, 'messages', index, 'timing', 'delay_hours'],
          `This message is never sent: it is due ${hours(due)} after the entry, and the stage ends at its maximum of ${hours(maxMs)}.`,
          { found: message.delay_ms / MS_PER_HOUR, expected: `at most ${maxMs / MS_PER_HOUR}` },
        ),
      );
    } else {
      lintFollowUps(stage, index, due, followUpsEnd(dues, index, end), warnings);
    }
  }
  lintEscalation(stage, end, warnings);
}

/** A message leaves in its order, never before the one in front of it. */
function dueTimes(messages: readonly CompiledMessage[]): readonly number[] {
  let latest = 0;
  return messages.map(({ delay_ms }) => {
    latest = Math.max(latest, delay_ms);
    return latest;
  });
}

function endOf(stage: CompiledStage, dues: readonly number[]): End {
  const maximum = { ms: stage.max_ms, what: `ends at its maximum of ${hours(stage.max_ms)}` };
  if (stage.response_required || stage.auto_advance) return maximum;
  const last = dues.at(-1);
  const left = Math.max(stage.min_ms, last ?? 0);
  if (left >= stage.max_ms) return maximum;
  return { ms: left, what: `waits for nobody and is left after ${hours(left)}`, lingers: left === last };
}

/** The next message ends the follow-ups of the one before. */
function followUpsEnd(dues: readonly number[], index: number, end: End): End {
  const next = dues[index + 1];
  if (next === undefined || next >= end.ms) return end;
  return { ms: next, what: `sends its next message after ${hours(next)}` };
}

function lintFollowUps(stage: CompiledStage, index: number, due: number, end: End, warnings: FaultList): void {
  const message = stage.messages[index];
  if (!message || message.follow_up_delay_ms === 0) return;
  const allowed = Math.min(message.max_follow_ups, stage.max_follow_ups);
  const { follow_up_delay_ms: delay } = message;
  // What falls on the end itself is not sent any more (design, section 4, "Leaving a stage").
  const fitting = Math.max(0, Math.ceil((end.ms - due) / delay) - 1);
  if (!Number.isFinite(allowed) || fitting >= allowed) return;
  const lost = allowed - fitting;
  const what = allowed === 1 ? 'The follow-up' : `Of ${allowed} follow-ups, ${lost}`;
  warnings.add(() =>
    createFault(
      ['stages', stage.name, 'messages', index, 'timing'],
      `${what} ${lost === 1 ? 'is' : 'are'} never sent: the last would be due ${hours(due + allowed * delay)} after the entry, and the stage ${end.what}.`,
      { expected: fitting === 0 ? 'no follow-ups, or a shorter delay' : `at most ${fitting}, or a shorter delay` },
    ),
  );
}

function lintEscalation(stage: CompiledStage, end: End, warnings: FaultList): void {
  const after = stage.escalation_after_ms;
  if (after === null || after < end.ms || (end.lingers && after === end.ms)) return;
  warnings.add(() =>
    createFault(
      ['stages', stage.name, 'progression_rules', 'escalation_after_hours'],
      `Nobody is ever told: the escalation would come after ${hours(after)}, and the stage ${end.what}.`,
      { found: after / MS_PER_HOUR, expected: `less than ${end.ms / MS_PER_HOUR}` },
    ),
  );
}

function hours(ms: number): string {
  const count = ms / MS_PER_HOUR;
  return count === 1 ? '1 hour' : `${Number(count.toFixed(3))} hours`;
}
