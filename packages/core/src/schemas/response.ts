import type { FromSchema } from 'json-schema-to-ts';
import { idSchema } from './ids.js';

/** A reply of a recipient, as a caller posts it. Either `conversation_id` or both other ids name the conversation. */
export const responseSchema = {
  $id: 'response',
  type: 'object',
  properties: {
    id: { ...idSchema, description: "The provider's id of the reply; a second post with it changes nothing." },
    conversation_id: { type: 'string', maxLength: 257 },
    campaign_id: idSchema,
    recipient_id: idSchema,
    intent: { type: 'string', minLength: 1, maxLength: 200 },
    text: { type: 'string', maxLength: 100_000 },
    data: { type: 'object', additionalProperties: true, description: 'Fields such as `rating`.' },
  },
  additionalProperties: false,
} as const;

export type ResponseInput = FromSchema<typeof responseSchema>;
