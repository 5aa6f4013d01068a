import type { FromSchema } from 'json-schema-to-ts';
import { idSchema, PHONE_PATTERN } from './ids.js';

/** A person to talk with. Any further attributes are kept and can be used in templates as `recipient.<name>`. */
export const recipientSchema = {
  $id: 'recipient',
  type: 'object',
  required: ['_id'],
  properties: {
    _id: idSchema,
    first_name: { type: 'string' },
    last_name: { type: 'string' },
    email: { type: 'string', format: 'email', maxLength: 254 },
    phone: { type: 'string', pattern: PHONE_PATTERN, description: 'E.164, such as +4930123456.' },
    company_name: { type: 'string' },
    timezone: { type: 'string', description: 'IANA name, such as Europe/Berlin.' },
    locale: { type: 'string', description: 'BCP 47 tag, such as de-DE.' },
    consent: {
      type: 'object',
      additionalProperties: { type: 'boolean' },
      description: 'Per channel; false suppresses every message of that channel.',
    },
  },
  additionalProperties: true,
} as const;

/** One member of a campaign's audience, with context of its own (`{"ticket.id": "4711"}`). */
export const audienceMemberSchema = {
  $id: 'audience_member',
  type: 'object',
  required: ['recipient_id'],
  properties: {
    recipient_id: { ...idSchema, description: 'Id of a known recipient.' },
    context: {
      type: 'object',
      additionalProperties: true,
      description: "Variables of this member alone, merged over the campaign's; dotted keys are expanded.",
    },
  },
  additionalProperties: false,
} as const;

export type Recipient = FromSchema<typeof recipientSchema>;
export type AudienceMember = FromSchema<typeof audienceMemberSchema>;
