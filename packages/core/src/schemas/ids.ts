/**
 * Identifiers are 1 to 128 letters, digits or `_ . : @ + -`, so that `/` can join them into composite keys
 * (design, section 3).
 */
export const ID_PATTERN = '^[A-Za-z0-9_.:@+-]{1,128}$';

export const idSchema = { type: 'string', pattern: ID_PATTERN } as const;

/** Hours, before the campaign's delay factor is applied. A thousand years is the upper bound. */
export const hoursSchema = { type: 'number', minimum: 0, maximum: 8_766_000 } as const;

export const metadataSchema = {
  type: 'object',
  description: 'Free labels. The system reads `priority` of a campaign and shows the rest.',
  properties: {
    created_by: { type: 'string' },
    version: { type: 'string', description: 'A label of yours; the system counts its own versions.' },
    owner: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
  },
  additionalProperties: true,
} as const;
