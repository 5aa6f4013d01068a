import type { ChannelName } from '../schemas/campaign.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';

/** Which of these recipients have withdrawn their consent to be written to on a channel, as of now. */
export async function withoutConsent(
  store: Store,
  channel: ChannelName,
  recipientIds: readonly string[],
): Promise<Set<string>> {
  const found = await driver(store.recipients)
    .find({ _id: { $in: [...recipientIds] }, [`consent.${channel}`]: false })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  return new Set(found.map(({ _id }) => _id));
}
