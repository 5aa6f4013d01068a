import type { FromSchema } from 'json-schema-to-ts';
import type { CampaignInput } from './campaign.js';
import { hoursSchema, idSchema } from './ids.js';
import type { Recipient } from './recipient.js';
import { responseSchema } from './response.js';
import type { CampaignTemplate } from './template.js';

const { intent, text, data } = responseSchema.properties;
const atHoursSchema = { ...hoursSchema, description: 'Hours of the wall clock after the launch.' } as const;
const recipientIdSchema = { ...idSchema, description: 'Id of a recipient of this scenario.' } as const;

/**
 * A scripted simulation: everything that a campaign needs, and what its recipients do. JSON Schema 2020-12 of the
 * frame; template, campaign and recipients have schemas of their own.
 */
export const scenarioSchema = {
  $id: 'scenario',
  type: 'object',
  required: ['template', 'campaign', 'recipients', 'start'],
  properties: {
    template: { type: 'object', additionalProperties: true, description: 'A campaign template.' },
    campaign: {
      type: 'object',
      additionalProperties: true,
      description: 'A campaign of that template. If it lists `recipients`, only those take part.',
    },
    recipients: {
      type: 'array',
      maxItems: 100_000,
      items: { type: 'object', additionalProperties: true },
      description: 'Recipient documents.',
    },
    responses: {
      type: 'array',
      maxItems: 100_000,
      description: 'Replies. Default none.',
      items: {
        type: 'object',
        required: ['recipient', 'at_hours'],
        properties: { recipient: recipientIdSchema, at_hours: atHoursSchema, intent, text, data },
        additionalProperties: false,
      },
    },
    opt_outs: {
      type: 'array',
      maxItems: 100_000,
      description: 'Recipients who want no further message. Default none.',
      items: {
        type: 'object',
        required: ['recipient', 'at_hours'],
        properties: { recipient: recipientIdSchema, at_hours: atHoursSchema },
        additionalProperties: false,
      },
    },
    factor: {
      type: 'number',
      minimum: 0.000001,
      maximum: 1000,
      description:
        'CAMPAIGN_STAGE_DELAY_FACTOR: stretches the hours of the template, not those of this scenario. Default 1.',
    },
    start: { type: 'string', format: 'date-time', description: 'When the campaign is launched.' },
    until_hours: {
      ...hoursSchema,
      description: 'Hours after the launch at which the simulation stops. Default: never.',
    },
  },
  additionalProperties: false,
} as const;

type Frame = FromSchema<typeof scenarioSchema>;

export interface Scenario extends Omit<Frame, 'template' | 'campaign' | 'recipients'> {
  template: CampaignTemplate;
  campaign: CampaignInput;
  recipients: Recipient[];
}
