import type { CompiledMessage, CompiledStage, DecideInput, MessageProgress } from './types.js';

/** The present stage with everything that the clock is compared with. All instants in campaign time. */
export interface Deadlines {
  readonly stage: CompiledStage;
  readonly satisfied: boolean;
  /** The next message that was not decided yet, and when it is due. */
  readonly message: { readonly index: number; readonly due: number } | null;
  readonly followUp: { readonly index: number; readonly due: number } | null;
  /** Every message of the stage was decided. */
  readonly allDecided: boolean;
  /** Every message of the stage was decided and has left (or never will). */
  readonly allSettled: boolean;
  readonly min: number;
  readonly max: number;
  /** A message that fell due at the maximum (or was decided later still) has not left: it leaves before the stage is left. */
  readonly lastWordsPending: boolean;
  readonly escalation: number | null;
  /** When the used-up follow-ups count as a failure. */
  readonly exhausted: number | null;
}

type View = Pick<DecideInput, 'template' | 'campaign' | 'state'>;

/** Works out every deadline of the present stage (design, section 4); null where the template lacks the stage. */
export function deadlines({ template, campaign, state }: View): Deadlines | null {
  const stage = template.stages.get(state.current_stage);
  if (!stage) return null;
  const { visit } = state;
  const entry = state.stage_entered_at + visit.late_ms;
  const satisfied = visit.responses >= stage.min_responses;
  const latest = visit.messages.at(-1);
  const nextIndex = latest ? latest.index + 1 : 0;
  const next = stage.messages[nextIndex];
  const allDecided = next === undefined;
  const max = maximum(stage, entry + visit.held_ms, campaign.end_at, template.default_max_ms);
  return {
    stage,
    satisfied,
    message: next && !(satisfied && stage.response_required) ? { index: nextIndex, due: entry + next.delay_ms } : null,
    followUp: satisfied ? null : followUp(stage, visit.follow_ups, latest, visit.follow_ups_from),
    allDecided,
    allSettled: allDecided && visit.messages.every((message) => message.settled_at !== null),
    min: entry + stage.min_ms,
    max,
    lastWordsPending: visit.messages.some(({ settled_at, decided_at }) => settled_at === null && decided_at >= max),
    escalation:
      stage.escalation_after_ms === null || satisfied || visit.escalated ? null : entry + stage.escalation_after_ms,
    exhausted:
      stage.exhausts_after !== null && allDecided && visit.follow_ups >= stage.exhausts_after
        ? nextInterval(stage, latest, visit.follow_ups_from)
        : null,
  };
}

function maximum(stage: CompiledStage, entry: number, endAt: number | null, defaultMs: number): number {
  if (stage.max_ms !== Number.POSITIVE_INFINITY) return entry + stage.max_ms;
  return endAt ?? entry + defaultMs;
}

function followUp(
  stage: CompiledStage,
  used: number,
  latest: MessageProgress | undefined,
  from: number | null,
): Deadlines['followUp'] {
  const message = latest && stage.messages[latest.index];
  if (!message || used >= stage.max_follow_ups || latest.follow_ups >= message.max_follow_ups) return null;
  const due = nextInterval(stage, latest, from);
  return due === null ? null : { index: latest.index, due };
}

/**
 * One follow-up delay after the latest sending, or after the latest reply; null where the message has no delay. While the ledger has not settled the
 * sending, it is taken to have left when it was decided; `decide` looks again at that time.
 */
function nextInterval(stage: CompiledStage, latest: MessageProgress | undefined, from: number | null): number | null {
  const message: CompiledMessage | undefined = latest && stage.messages[latest.index];
  if (!latest || !message || message.follow_up_delay_ms === 0) return null;
  return Math.max(latest.settled_at ?? latest.decided_at, from ?? 0) + message.follow_up_delay_ms;
}
