import { CONVERSATION_ID_PATTERN, idSchema } from '@campaign-manager/core/schemas';

/** Path parameters. An id with `/` in it (conversation, message) stands there URL-encoded, as one segment. */
export interface IdParams {
  readonly id: string;
}

const params = <S>(id: S) =>
  ({ type: 'object', required: ['id'], properties: { id }, additionalProperties: false }) as const;

export const idParams = params(idSchema);

export const conversationParams = params({
  type: 'string',
  pattern: CONVERSATION_ID_PATTERN,
  description: 'Campaign and recipient joined by `/`, URL-encoded.',
} as const);

export const messageParams = params({
  type: 'string',
  minLength: 1,
  maxLength: 1000,
  description: "The message's key in the ledger, URL-encoded.",
} as const);
