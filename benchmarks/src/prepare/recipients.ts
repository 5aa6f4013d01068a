import { type Store, saveTemplate } from '@campaign-manager/core/store';
import { insertPages, type Numbers } from './insert-pages.js';
import { TEMPLATE } from './template.js';

/** The id of a recipient by its number. */
export function recipientId(n: number): string {
  return `user_${String(n).padStart(7, '0')}`;
}

export function recipientIds(count: number): string[] {
  return Array.from({ length: count }, (_, n) => recipientId(n));
}

/** Stores the template, and recipients with what it says of them. */
export async function prepareRecipients(store: Store, numbers: Numbers): Promise<void> {
  await saveTemplate(store, TEMPLATE, new Date());
  await insertPages(store.recipients, numbers, (n) => recipient(recipientId(n)));
}

/** The audience of the campaign, with nothing of their own. */
export async function prepareAudience(store: Store, campaignId: string, numbers: Numbers): Promise<void> {
  await insertPages(store.audienceMembers, numbers, (n) => ({
    _id: `${campaignId}/${recipientId(n)}`,
    campaign_id: campaignId,
    recipient_id: recipientId(n),
    context: {},
  }));
}

export function recipient(_id: string) {
  return {
    _id,
    first_name: `Ada ${_id}`,
    email: `${_id}@example.test`,
    company_name: `Company of ${_id}`,
  };
}
