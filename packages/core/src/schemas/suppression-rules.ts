import type { ChannelName } from './campaign.js';
import type { Fault } from './fault.js';
import { idSchema } from './ids.js';
import type { SuppressionInput } from './suppression.js';
import { compileValidator, type Validator } from './validator.js';

/** What an address looks like; `log` writes to an email address, a phone number or an id, whatever there is. */
const ADDRESSES: Readonly<Record<ChannelName, object>> = {
  email: { type: 'string', format: 'email' },
  webhook: idSchema,
  log: { type: 'string', pattern: '^[^\\s\\p{Cc}]+$' },
};

const validators = new Map<string, Validator<unknown>>(
  Object.entries(ADDRESSES).map(([channel, address]) => [
    channel,
    compileValidator({ type: 'object', properties: { address } }),
  ]),
);

/** What the schema does not tell of an entry of the suppression list: its address must be one of its channel. */
export function suppressionRules(entry: SuppressionInput): readonly Fault[] {
  const checked = validators.get(entry.channel)?.({ address: entry.address });
  return checked && !checked.ok ? checked.faults : [];
}
