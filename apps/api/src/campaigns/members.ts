import { conversationId } from '@campaign-manager/core/engine';
import { audiencePage, type Store } from '@campaign-manager/core/store';
import type { Member } from './preflight.js';

const PAGE = 1000;

/** The stored audience of a campaign, page by page. */
export async function* audiencePages(store: Store, campaignId: string): AsyncGenerator<readonly Member[]> {
  for (let after = ''; ; ) {
    const page = await audiencePage(store, campaignId, after, PAGE);
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last._id;
  }
}

/** The `recipients` of a posted campaign as members without a context of their own, page by page. */
export async function* listedPages(campaignId: string, ids: readonly string[]): AsyncGenerator<readonly Member[]> {
  for (let start = 0; start < ids.length; start += PAGE) {
    yield ids
      .slice(start, start + PAGE)
      .map((id) => ({ _id: conversationId(campaignId, id), recipient_id: id, context: {} }));
  }
}
