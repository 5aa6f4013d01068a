import type { Variables } from '../variable.js';

const MAX_PER_SECOND = 100_000;

/** What keeps a provider from being flooded, waited for in vain, or fed with what fails: docs/channels.md. */
export const protectionVariables = {
  emailMaxPerSecond: {
    name: 'EMAIL_MAX_PER_SECOND',
    kind: 'number',
    default: 0,
    defaultText: '`0`: no limit',
    min: 0,
    max: MAX_PER_SECOND,
    unit: 'messages per second',
    roles: ['worker'],
    description: 'How many emails all workers together send at most, such as `14`, or `0.5` for one in two seconds.',
  },
  webhookMaxPerSecond: {
    name: 'WEBHOOK_MAX_PER_SECOND',
    kind: 'number',
    default: 0,
    defaultText: '`0`: no limit',
    min: 0,
    max: MAX_PER_SECOND,
    unit: 'messages per second',
    roles: ['worker'],
    description: 'How many webhooks all workers together post at most.',
  },
  channelPauseErrorRate: {
    name: 'CHANNEL_PAUSE_ERROR_RATE',
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 1,
    roles: ['worker'],
    description:
      'A channel is paused, until somebody resumes it, when at least this share of what a worker process sent over it within the last minute ended as `failed` or `unknown`. 0 never pauses.',
  },
  channelPauseMinOutcomes: {
    name: 'CHANNEL_PAUSE_MIN_OUTCOMES',
    kind: 'integer',
    default: 50,
    min: 1,
    max: 1_000_000,
    unit: 'messages',
    roles: ['worker'],
    description:
      'With fewer outcomes than this within the last minute a channel is not judged by `CHANNEL_PAUSE_ERROR_RATE`.',
  },
} as const satisfies Variables;
