import { compileTemplate, type Explanation, explain, explanationToText } from '@campaign-manager/core/engine';
import type { CampaignDocument } from '@campaign-manager/core/models';
import {
  campaignFacts,
  campaignTime,
  loadCampaign,
  loadConversation,
  loadRecipients,
  loadSettlements,
  loadTemplate,
  loadTimeline,
  NotFoundError,
  wallTime,
} from '@campaign-manager/core/store';
import type { ApiContext } from '../context.js';

/** An explanation, with the status of the campaign: only in a running one does anything happen. */
export interface ExplainedConversation extends Explanation {
  readonly campaign_status: CampaignDocument['status'];
}

/**
 * Explains a conversation in wall clock. While its campaign is paused, what comes next is told as if it went on now.
 * @throws NotFoundError
 */
export async function explainConversation(
  { store, clock }: Pick<ApiContext, 'store' | 'clock'>,
  id: string,
): Promise<ExplainedConversation> {
  const conversation = await loadConversation(store, id);
  const campaign = await loadCampaign(store, conversation.campaign_id);
  const { template_id, template_version, delay_factor } = campaign;
  const [template, recipients, history, { settlements }] = await Promise.all([
    loadTemplate(store, template_id, template_version ?? undefined),
    loadRecipients(store, [conversation.recipient_id]),
    loadTimeline(store, conversation),
    loadSettlements(store, campaign, [conversation]),
  ]);
  if (!template) throw new NotFoundError('template', `${template_id}/${template_version}`);
  const wallNow = clock.now();
  const onward = asIfResumed(campaign, wallNow);
  const now = campaignTime(onward, wallNow);
  const explanation = explain({
    conversation_id: id,
    template: compileTemplate(template.template, delay_factor ?? 1),
    campaign: campaignFacts(onward),
    recipient: recipients.get(conversation.recipient_id) ?? {},
    state: conversation,
    settlements,
    history,
    now,
    wallClock: (at) => wallTime(at < now ? campaign : onward, at),
  });
  return { campaign_status: campaign.status, ...explanation };
}

/** The same in plain sentences. */
export function explainedText(explained: ExplainedConversation): string {
  const { campaign_status: status } = explained;
  const text = explanationToText(explained);
  if (status === 'running') return text;
  const note = status === 'paused' ? ' What comes next is told as if it went on now.' : '';
  return `The campaign is ${status}.${note}\n${text}`;
}

function asIfResumed(campaign: CampaignDocument, wallNow: number): CampaignDocument {
  const { paused_at, paused_ms } = campaign;
  return paused_at === null ? campaign : { ...campaign, paused_at: null, paused_ms: paused_ms + (wallNow - paused_at) };
}
