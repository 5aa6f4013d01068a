import type { FromSchema } from 'json-schema-to-ts';
import { hoursSchema, idSchema, metadataSchema } from './ids.js';

export const timingSchema = {
  type: 'object',
  properties: {
    delay_hours: { ...hoursSchema, description: 'Hours from the entry into the stage to this message. Default 0.' },
    max_follow_ups: { type: 'integer', minimum: 0, maximum: 1000, description: 'Follow-ups of this message at most.' },
    follow_up_delay_hours: { ...hoursSchema, description: 'Hours from one sending to the next follow-up.' },
  },
  additionalProperties: false,
} as const;

export const messageSchema = {
  type: 'object',
  required: ['template'],
  properties: {
    template: { type: 'string', minLength: 1, maxLength: 100_000, description: 'Mustache text.' },
    subject: { type: 'string', minLength: 1, maxLength: 1000, description: 'Mustache text of an email subject.' },
    conditional_templates: {
      type: 'array',
      maxItems: 100,
      description: 'The first whose condition is true replaces `template`.',
      items: {
        type: 'object',
        required: ['condition', 'template'],
        properties: {
          condition: { type: 'string', minLength: 1, maxLength: 2000, description: 'Such as `response.rating < 4`.' },
          template: { type: 'string', minLength: 1, maxLength: 100_000 },
        },
        additionalProperties: false,
      },
    },
    follow_up_templates: {
      type: 'array',
      maxItems: 1000,
      items: { type: 'string', minLength: 1, maxLength: 100_000 },
      description: 'Text of the first, second, ... follow-up. Where one is missing, the message is sent again.',
    },
    timing: timingSchema,
  },
  additionalProperties: false,
} as const;

export const progressionRulesSchema = {
  type: 'object',
  properties: {
    response_required: { type: 'boolean', description: 'Default false.' },
    specific_response_required: { type: 'string', minLength: 1, description: 'The intent that satisfies the stage.' },
    min_responses_required: { type: 'integer', minimum: 1, maximum: 1000, description: 'Default 1.' },
    min_stage_duration_hours: { ...hoursSchema, description: 'Default 0.' },
    max_stage_duration_hours: { ...hoursSchema, description: "Default: the campaign's end, else 8760." },
    max_follow_ups: { type: 'integer', minimum: 0, maximum: 1000, description: 'Follow-ups over the whole stage.' },
    advance_on_failure: { type: 'boolean', description: 'Default false.' },
    auto_advance_after_max_duration: { type: 'boolean', description: 'Default false.' },
    escalation_after_hours: { ...hoursSchema, description: 'Hours from the entry to an escalation to a human.' },
    escalation_action: { ...idSchema, description: '`notify_manager` or the name of a configured notifier.' },
    next_stage: { type: ['string', 'null'], description: 'The stage that follows; null ends the conversation.' },
    transitions: {
      type: 'array',
      maxItems: 100,
      description: 'The first whose condition is true is taken; without one, `next_stage`.',
      items: {
        type: 'object',
        required: ['condition', 'to'],
        properties: {
          condition: { type: 'string', minLength: 1, maxLength: 2000 },
          to: { type: ['string', 'null'], description: 'The stage that follows; null ends the conversation.' },
        },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
} as const;

export const stageSchema = {
  type: 'object',
  required: ['messages'],
  properties: {
    name: { type: 'string' },
    description: { type: 'string' },
    messages: { type: 'array', maxItems: 100, items: messageSchema },
    progression_rules: progressionRulesSchema,
    max_visits: { type: 'integer', minimum: 1, maximum: 1000, description: 'Visits per conversation. Default 10.' },
  },
  additionalProperties: false,
} as const;

/** A campaign template as users write it (user's document, "Campaign Templates"). JSON Schema 2020-12. */
export const templateSchema = {
  $id: 'template',
  type: 'object',
  required: ['_id', 'name', 'type', 'stages'],
  properties: {
    _id: idSchema,
    name: { type: 'string', minLength: 1, maxLength: 500 },
    type: { type: 'string', minLength: 1, maxLength: 128 },
    description: { type: 'string' },
    stages: {
      type: 'object',
      minProperties: 1,
      maxProperties: 500,
      propertyNames: idSchema,
      additionalProperties: stageSchema,
      description: 'Stages by name, in the order in which they run.',
    },
    stage_order: { type: 'array', items: idSchema, uniqueItems: true, description: 'Default: the order of the keys.' },
    default_initial_stage: { ...idSchema, description: 'Default: the first stage in order.' },
    completion_conditions: {
      type: 'object',
      properties: {
        all_stages_completed: { type: 'boolean', description: 'Leaving the last stage is a success by itself.' },
        specific_response_received: {
          type: 'string',
          minLength: 1,
          description: 'The intent that completes the conversation with success at any time.',
        },
      },
      additionalProperties: false,
    },
    metadata: metadataSchema,
  },
  additionalProperties: false,
} as const;

export type Timing = FromSchema<typeof timingSchema>;
export type TemplateMessage = FromSchema<typeof messageSchema>;
export type ProgressionRules = FromSchema<typeof progressionRulesSchema>;
export type Stage = FromSchema<typeof stageSchema>;
export type CampaignTemplate = FromSchema<typeof templateSchema>;
