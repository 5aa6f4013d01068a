import { loadCampaign } from './campaigns.js';
import type { Store } from './connect-store.js';
import { type DumpPart, dump } from './dump.js';
import { childrenOf } from './prefix-range.js';

/**
 * Everything of one campaign, as lines of a dump: the campaign, its template, audience, conversations, their history,
 * messages, replies, escalations and audit entries. Recipients belong to no campaign and are not in it.
 * @throws NotFoundError
 */
export async function* archive(store: Store, campaignId: string): AsyncGenerator<string> {
  const { template_id, template_version } = await loadCampaign(store, campaignId);
  const children = { _id: childrenOf(campaignId) };
  const part = (collection: { readonly collection: { readonly name: string } }, filter: object): DumpPart => ({
    collection: collection.collection.name,
    filter,
  });
  yield* dump(
    store,
    [
      part(store.campaigns, { _id: campaignId }),
      part(store.templates, { _id: `${template_id}/${template_version}` }),
      part(store.audienceMembers, children),
      part(store.conversations, children),
      part(store.conversationEvents, children),
      part(store.messages, children),
      part(store.responses, { campaign_id: campaignId }),
      part(store.escalations, children),
      part(store.auditLog, { target: campaignId }),
    ],
    campaignId,
  );
}
