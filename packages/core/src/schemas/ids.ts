/**
 * Identifiers are 1 to 128 letters, digits or `_ . : @ + -`, so that `/` can join them into composite keys
 * (design, section 3).
 */
export const ID_PATTERN = '^[A-Za-z0-9_.:@+-]{1,128}$';

/** `<campaign>/<recipient>`, the id of a conversation (design, section 3). */
export const CONVERSATION_ID_PATTERN = '^[A-Za-z0-9_.:@+-]{1,128}/[A-Za-z0-9_.:@+-]{1,128}$';

/** E.164. */
export const PHONE_PATTERN = '^\\+[1-9][0-9]{6,14}$';

export const idSchema = { type: 'string', pattern: ID_PATTERN } as const;

/** Hours, before the campaign's delay factor is applied. A thousand years is the upper bound. */
export const hoursSchema = { type: 'number', minimum: 0, maximum: 8_766_000 } as const;

export const metadataSchema = {
  type: 'object',
  description: 'Free labels. The system reads `priority` of a campaign and shows the rest.',
  properties: {
    created_by: { type: 'string', description: 'Who made the document.' },
    version: { type: 'string', description: 'A label of yours; the system counts its own versions.' },
    owner: { type: 'string', description: 'The team or person who answers for it.' },
    tags: { type: 'array', items: { type: 'string' }, description: 'Labels to search by.' },
  },
  additionalProperties: true,
} as const;
