import { CampaignManager } from '@campaign-manager/core/manager';

const APPROVAL_ABOVE = 100_000;

/** Deals above 100,000 are approved by the executives before a proposal goes out; all others follow the template. */
export default class EnterpriseManager extends CampaignManager {
  async evaluateStageProgression(conversationId, state) {
    const standard = await super.evaluateStageProgression(conversationId, state);
    if (state.campaign_type !== 'enterprise_sales' || state.current_stage !== 'decision') return standard;
    if (dealSize(state.context) <= APPROVAL_ABOVE) return standard;
    const [, , updatedState] = standard;
    updatedState.context.approval = 'requested';
    return [true, 'executive_approval', updatedState];
  }
}

/** What is thrown here blocks this one conversation with the message as its reason, until an operator retries it. */
function dealSize({ deal_size: size = 0 }) {
  if (typeof size !== 'number') throw new TypeError('deal_size must be a number');
  return size;
}
