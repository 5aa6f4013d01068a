import { hoursSchema, idSchema } from './ids.js';
import { responseSchema } from './response.js';

export const DELAY_DISTRIBUTIONS = ['exponential', 'lognormal', 'uniform', 'fixed'] as const;

/** Hours from the arrival of a message to the answer. */
export type DelayModel =
  | { readonly distribution: 'exponential'; readonly mean_hours: number }
  | { readonly distribution: 'lognormal'; readonly median_hours: number; readonly sigma: number }
  | { readonly distribution: 'uniform'; readonly min_hours: number; readonly max_hours: number }
  | { readonly distribution: 'fixed'; readonly hours: number };

/** Something that may follow a message: with what probability, and how long after it. */
export interface Chance {
  readonly probability: number;
  /** The same for a follow-up. Default: `probability`. */
  readonly follow_up_probability?: number;
  readonly delay: DelayModel;
}

export interface AnswerModel extends Chance {
  readonly intent?: string;
  /** Fields of the response, each with its possible values. */
  readonly data?: { readonly [field: string]: readonly WeightedValue[] };
}

export interface WeightedValue {
  readonly value: string | number | boolean;
  readonly weight: number;
}

/** What recipients do about one message of a stage: at most one of the answers, or the opt-out, or nothing. */
export interface StageResponses {
  readonly answers?: readonly AnswerModel[];
  readonly opt_out?: Chance;
}

/** How recipients answer, for statistical simulation. A stage that is not named follows `default`; without it, silence. */
export interface ResponseModel {
  readonly default?: StageResponses;
  readonly stages?: { readonly [stage: string]: StageResponses };
}

const probabilitySchema = { type: 'number', minimum: 0, maximum: 1 } as const;

const delaySchema = {
  type: 'object',
  required: ['distribution'],
  properties: {
    distribution: { enum: DELAY_DISTRIBUTIONS, description: 'The shape of the delay; it says which fields it needs.' },
    mean_hours: { ...hoursSchema, description: 'exponential' },
    median_hours: { ...hoursSchema, description: 'lognormal' },
    sigma: { type: 'number', minimum: 0, maximum: 5, description: 'lognormal: the spread; 1 is a factor of 2.7.' },
    min_hours: { ...hoursSchema, description: 'uniform' },
    max_hours: { ...hoursSchema, description: 'uniform' },
    hours: { ...hoursSchema, description: 'fixed' },
  },
  additionalProperties: false,
} as const;

const chanceProperties = {
  probability: { ...probabilitySchema, description: 'That this follows a message.' },
  follow_up_probability: { ...probabilitySchema, description: 'The same for a follow-up. Default: `probability`.' },
  delay: { ...delaySchema, description: 'From the arrival of the message to the answer.' },
} as const;

const stageResponsesSchema = {
  type: 'object',
  properties: {
    answers: {
      type: 'array',
      maxItems: 50,
      description: 'At most one of them follows a message.',
      items: {
        type: 'object',
        required: ['probability', 'delay'],
        properties: {
          ...chanceProperties,
          intent: responseSchema.properties.intent,
          data: {
            type: 'object',
            maxProperties: 50,
            description: 'Fields of the response, such as `rating`, each with its possible values.',
            additionalProperties: {
              type: 'array',
              minItems: 1,
              maxItems: 1000,
              items: {
                type: 'object',
                required: ['value', 'weight'],
                properties: {
                  value: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
                  weight: { type: 'number', minimum: 0, maximum: 1_000_000 },
                },
                additionalProperties: false,
              },
            },
          },
        },
        additionalProperties: false,
      },
    },
    opt_out: {
      type: 'object',
      required: ['probability', 'delay'],
      properties: chanceProperties,
      additionalProperties: false,
    },
  },
  additionalProperties: false,
} as const;

/** JSON Schema 2020-12 of `ResponseModel`. */
export const responseModelSchema = {
  $id: 'response_model',
  type: 'object',
  properties: {
    default: { ...stageResponsesSchema, description: 'For every stage that is not named under `stages`.' },
    stages: {
      type: 'object',
      propertyNames: idSchema,
      maxProperties: 500,
      additionalProperties: stageResponsesSchema,
      description: 'By name of the stage.',
    },
  },
  additionalProperties: false,
} as const;
