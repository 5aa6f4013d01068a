import type { FromSchema } from 'json-schema-to-ts';
import { CONVERSATION_ID_PATTERN, idSchema } from './ids.js';

/** A reply of a recipient, as a caller posts it. Either `conversation_id` or both other ids name the conversation. */
export const responseSchema = {
  $id: 'response',
  type: 'object',
  properties: {
    id: { ...idSchema, description: "The provider's id of the reply; a second post with it changes nothing." },
    conversation_id: {
      type: 'string',
      pattern: CONVERSATION_ID_PATTERN,
      description: 'Campaign and recipient joined by `/`. Either this or both of the next two.',
    },
    campaign_id: { ...idSchema, description: 'With `recipient_id`, in place of `conversation_id`.' },
    recipient_id: { ...idSchema, description: 'With `campaign_id`, in place of `conversation_id`.' },
    intent: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: 'What the reply means, such as `accept_proposal`; rules of stages and of completion name intents.',
    },
    text: { type: 'string', maxLength: 100_000, description: 'What the recipient wrote.' },
    data: { type: 'object', additionalProperties: true, description: 'Fields such as `rating`.' },
  },
  additionalProperties: false,
} as const;

export type ResponseInput = FromSchema<typeof responseSchema>;
