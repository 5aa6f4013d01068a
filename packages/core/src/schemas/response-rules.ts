import { createFault, type Fault } from './fault.js';
import type { ResponseInput } from './response.js';

const EXPECTED = 'either `conversation_id`, or both `campaign_id` and `recipient_id`';

/** A response names one conversation; where it names it twice, both names agree. */
export function responseRules(response: ResponseInput): readonly Fault[] {
  const { conversation_id: conversation, campaign_id: campaign, recipient_id: recipient } = response;
  if (conversation !== undefined) {
    const [ofCampaign = '', ofRecipient = ''] = conversation.split('/');
    return [
      ...contradiction('campaign_id', campaign, ofCampaign),
      ...contradiction('recipient_id', recipient, ofRecipient),
    ];
  }
  if (campaign !== undefined && recipient !== undefined) return [];
  if (campaign === undefined && recipient === undefined) {
    return [createFault([], `The response names no conversation: expected ${EXPECTED}.`, { expected: EXPECTED })];
  }
  const missing = campaign === undefined ? 'campaign_id' : 'recipient_id';
  const message = `The field \`${missing}\` is missing: expected ${EXPECTED}.`;
  return [createFault([missing], message, { expected: EXPECTED })];
}

function contradiction(name: string, given: string | undefined, expected: string): readonly Fault[] {
  if (given === undefined || given === expected) return [];
  const message = `The field \`${name}\` is ${given}, but \`conversation_id\` says ${expected}.`;
  return [createFault([name], message, { found: given, expected })];
}
