import type { Variables } from '../engine/types.js';

/** What custom logic sees of a conversation: a copy, frozen. */
export interface StageProgressionState {
  readonly campaign_id: string;
  readonly campaign_type: string;
  readonly current_stage: string;
  /** How often the conversation has entered the stage: 1 at first. */
  readonly stage_visit: number;
  /** The campaign's context with the member's over it, as conditions see it. */
  readonly context: Variables;
  /** Responses so far, over all stages. */
  readonly response_count: number;
  /** The latest response: its data with `intent` and `text`; null before the first. */
  readonly latest_response: Variables | null;
}

/** What of the answer is kept: the context. */
export interface UpdatedState {
  /** Free to change. Absent: it stays. */
  context?: { [name: string]: unknown };
}

/** Whether the stage ends now, the stage that follows (null: none, the conversation ends), and the state to keep. */
export type StageProgression = readonly [shouldProgress: boolean, nextStage: string | null, updatedState: UpdatedState];

const standard = new WeakMap<object, readonly [boolean, string | null]>();

/** Notes what the rules of the template say of the conversation that custom logic is shown as `state`. */
export function noteStandard(state: StageProgressionState, progress: boolean, nextStage: string | null): void {
  standard.set(state, [progress, nextStage]);
}

/**
 * Decides when a conversation leaves its stage, and where it goes. This class says what the template's rules say. To put
 * logic of your own in their place, extend it in a module that exports the subclass, as default or as `CampaignManager`,
 * and name the module in `CAMPAIGN_MANAGER_MODULE` (user's document, "Custom Stage Progression Logic").
 */
export class CampaignManager {
  /**
   * Evaluates one visit of a stage. Called before every decision is committed, within a second for a conversation; it
   * may be called again for the same moment, so it must not count on being called once.
   *
   * `super.evaluateStageProgression(conversationId, state)` gives the standard evaluation, for the very `state` that was
   * passed in: `[false, null, ...]` where the stage goes on, `[true, null, ...]` where the conversation ends with it. Its
   * third part is a copy that may be changed and returned.
   *
   * @throws TypeError where `state` is another object than the one that was passed in.
   */
  async evaluateStageProgression(_conversationId: string, state: StageProgressionState): Promise<StageProgression> {
    const evaluation = standard.get(state);
    if (!evaluation) throw new TypeError('super.evaluateStageProgression needs the very state that was passed in');
    return [...evaluation, structuredClone(state) as UpdatedState];
  }
}
