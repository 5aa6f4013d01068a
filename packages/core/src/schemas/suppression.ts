import type { FromSchema } from 'json-schema-to-ts';
import { CHANNEL_NAMES } from './campaign.js';

/** Why an address is not written to: what its recipient did, what a mail server said, or who put it on the list. */
export const SUPPRESSION_REASONS = ['unsubscribe', 'bounce', 'complaint', 'manual', 'import', 'stop'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** An entry of the suppression list, as it is imported and exported. */
export const suppressionSchema = {
  $id: 'suppression',
  type: 'object',
  required: ['channel', 'address'],
  properties: {
    channel: { enum: CHANNEL_NAMES, description: 'The channel that must not write to the address.' },
    address: {
      type: 'string',
      minLength: 1,
      maxLength: 254,
      description: 'Compared without regard to case: an email address, of `webhook` the id of a recipient.',
    },
    reason: { enum: SUPPRESSION_REASONS, description: 'Default: `manual`, in an import `import`.' },
    source: {
      type: 'string',
      minLength: 1,
      maxLength: 1000,
      description: 'Where it comes from, such as the key of a message.',
    },
    created_at: { type: 'string', format: 'date-time', description: 'Since when. Default: now.' },
  },
  additionalProperties: false,
} as const;

export type SuppressionInput = FromSchema<typeof suppressionSchema>;
