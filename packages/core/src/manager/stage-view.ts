import type { DecideInput, Evaluation } from '../engine/types.js';
import { mergedContext } from '../engine/variables.js';
import type { StageProgressionState } from './campaign-manager.js';

/** A copy for custom logic, frozen through and through: what it does to it reaches nobody. */
export function stageView({ campaign }: Pick<DecideInput, 'campaign'>, { state }: Evaluation): StageProgressionState {
  return deepFreeze(
    structuredClone({
      campaign_id: campaign.id,
      campaign_type: campaign.type,
      current_stage: state.current_stage,
      stage_visit: state.stage_visit,
      context: mergedContext(campaign, state),
      response_count: state.response_count,
      latest_response: state.latest_response,
    }),
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
