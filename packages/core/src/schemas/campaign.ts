import type { FromSchema } from 'json-schema-to-ts';
import { idSchema, metadataSchema } from './ids.js';

export const CHANNEL_NAMES = ['email', 'webhook', 'log'] as const;
export const DELIVERY_POLICIES = ['at_most_once', 'at_least_once'] as const;
export const PRIORITIES = ['high', 'normal', 'low'] as const;
/** Every status that a stored campaign can have; one is created as `draft` or `scheduled`. */
export const CAMPAIGN_STATUSES = ['draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled'] as const;

/** A campaign as users post it (user's document, "Campaign Document Example"). JSON Schema 2020-12. */
export const campaignSchema = {
  $id: 'campaign',
  type: 'object',
  required: ['_id', 'name', 'template_id'],
  properties: {
    _id: idSchema,
    name: { type: 'string', minLength: 1, maxLength: 500 },
    template_id: { ...idSchema, description: 'Id of a known template; the version at launch is pinned.' },
    type: { type: 'string', minLength: 1, maxLength: 128, description: "Default: the template's type." },
    initial_stage: { ...idSchema, description: "Default: the template's `default_initial_stage`." },
    recipients: { type: 'array', items: idSchema, maxItems: 100_000, description: 'Ids of known recipients.' },
    context_data: {
      type: 'object',
      additionalProperties: true,
      description: 'Variables of the templates; dotted keys are expanded into nested objects.',
    },
    schedule: {
      type: 'object',
      properties: {
        start_date: { type: 'string', format: 'date-time', description: 'Nothing is sent before.' },
        end_date: { type: 'string', format: 'date-time', description: 'What is open then ends as `expired`.' },
      },
      description: 'Wall clock, not stretched by the delay factor.',
      additionalProperties: false,
    },
    status: { enum: ['draft', 'scheduled'], description: 'Default draft. A scheduled campaign starts by itself.' },
    conversation_states_initialized: {
      type: 'boolean',
      const: false,
      description: 'The system sets it to true once every conversation has its state.',
    },
    channel: {
      enum: CHANNEL_NAMES,
      description: 'How messages leave. Default: `email` where SMTP_URL is set, else `log`.',
    },
    delivery_policy: { enum: DELIVERY_POLICIES, description: "Default: the channel's." },
    missing_variables: {
      enum: ['error', 'empty'],
      description: 'What a missing variable does at sending. Default error.',
    },
    metadata: {
      ...metadataSchema,
      properties: { ...metadataSchema.properties, priority: { enum: PRIORITIES } },
    },
    created_at: { type: 'string', format: 'date-time' },
    created_by: { type: 'string' },
  },
  additionalProperties: false,
} as const;

export type CampaignInput = FromSchema<typeof campaignSchema>;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];
export type ChannelName = (typeof CHANNEL_NAMES)[number];
export type DeliveryPolicy = (typeof DELIVERY_POLICIES)[number];
export type Priority = (typeof PRIORITIES)[number];
