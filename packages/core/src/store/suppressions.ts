import type { ChannelName } from '../schemas/campaign.js';

/** The id of a suppression: addresses are compared without regard to case. */
export function suppressionId(channel: ChannelName, address: string): string {
  return `${channel}:${address.trim().toLowerCase()}`;
}
