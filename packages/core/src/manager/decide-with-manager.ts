import { decide } from '../engine/decide.js';
import type { DecideInput, Decision, Evaluation, Progression } from '../engine/types.js';
import { fault, toProgression } from './answer.js';
import { type CampaignManager, noteStandard } from './campaign-manager.js';
import { stageView } from './stage-view.js';

export interface ManagerOptions {
  /** For all stages that the decision looks at together. */
  readonly timeoutMs: number;
  /** Told what the module threw. */
  readonly onError: (error: unknown) => void;
}

/**
 * Decides with custom logic: by the rules first, then, as long as the decision looks at a stage visit of which the manager
 * was not asked yet, again with its answer as an argument. A fault of the manager blocks the conversation; nothing is
 * thrown but what `decide` throws. Design, section 4, "Custom logic".
 */
export async function decideWithManager(
  manager: CampaignManager,
  input: DecideInput,
  { timeoutMs, onError }: ManagerOptions,
): Promise<Decision> {
  const timer = startTimer(timeoutMs);
  const progressions: Progression[] = [];
  try {
    for (;;) {
      const { evaluations = [], ...decision } = decide({ ...input, progressions });
      const open = evaluations[progressions.length];
      if (!open) return decision;
      progressions.push(await ask(manager, input, open, timer.expired, onError));
    }
  } finally {
    timer.stop();
  }
}

async function ask(
  manager: CampaignManager,
  input: DecideInput,
  evaluation: Evaluation,
  expired: Promise<typeof EXPIRED>,
  onError: ManagerOptions['onError'],
): Promise<Progression> {
  const view = stageView(input, evaluation);
  noteStandard(view, evaluation.progress, evaluation.next_stage);
  try {
    const answer: unknown = await Promise.race([
      manager.evaluateStageProgression(input.conversation_id, view),
      expired,
    ]);
    if (answer === EXPIRED) return fault(evaluation, 'custom_logic_timeout');
    return toProgression(input, evaluation, view, answer);
  } catch (error) {
    onError(error);
    return fault(evaluation, 'custom_logic_failed', error instanceof Error ? error.message : String(error));
  }
}

const EXPIRED = Symbol('expired');

function startTimer(timeoutMs: number): { readonly expired: Promise<typeof EXPIRED>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<typeof EXPIRED>((resolve) => {
    timer = setTimeout(() => resolve(EXPIRED), timeoutMs);
  });
  return { expired, stop: () => clearTimeout(timer) };
}
