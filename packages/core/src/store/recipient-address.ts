import { assertNever } from '../engine/assert-never.js';
import type { RecipientDocument } from '../models/documents.js';
import type { ChannelName } from '../schemas/campaign.js';

/**
 * The address that a channel writes to, as the channels read it from a recipient (a test holds both against each
 * other); null where there is none.
 */
export function recipientAddress(channel: ChannelName, recipient: RecipientDocument): string | null {
  const { _id, email, phone } = recipient as Readonly<Record<string, unknown>>;
  const candidates = candidatesOf(channel, { _id, email, phone });
  const found = candidates.find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : null;
}

function candidatesOf(
  channel: ChannelName,
  { _id, email, phone }: { readonly _id: unknown; readonly email: unknown; readonly phone: unknown },
): readonly unknown[] {
  switch (channel) {
    case 'email':
      return [email];
    case 'webhook':
      return [_id];
    case 'log':
      return [email, phone, _id];
    default:
      return assertNever(channel);
  }
}
