import type { CampaignFacts, CompiledTemplate } from '@campaign-manager/core/engine';
import type { CampaignDocument, RecipientDocument } from '@campaign-manager/core/models';
import {
  campaignFacts,
  campaignTime,
  loadRecipients,
  loadSeenConversations,
  loadSettlements,
  type OutboxKnowledge,
  type SeenConversation,
} from '@campaign-manager/core/store';
import type { WorkerContext } from '../context.js';

/** Everything that the decisions of a batch depend on, read in a handful of queries. */
export interface LoadedBatch {
  readonly campaign: CampaignDocument;
  readonly facts: CampaignFacts;
  readonly template: CompiledTemplate;
  readonly conversations: readonly SeenConversation[];
  readonly recipients: ReadonlyMap<string, RecipientDocument>;
  readonly knowledge: OutboxKnowledge;
  /** Campaign time. */
  readonly now: number;
}

export async function loadBatch(
  context: WorkerContext,
  campaign: CampaignDocument,
  ids: readonly string[],
): Promise<LoadedBatch> {
  const { store } = context;
  const [template, conversations] = await Promise.all([
    context.templates.of(campaign),
    loadSeenConversations(store, ids),
  ]);
  const [recipients, knowledge] = await Promise.all([
    loadRecipients(
      store,
      conversations.map(({ recipient_id }) => recipient_id),
    ),
    loadSettlements(store, campaign, conversations),
  ]);
  const now = campaignTime(campaign, context.clock.now());
  return { campaign, facts: campaignFacts(campaign), template, conversations, recipients, knowledge, now };
}
