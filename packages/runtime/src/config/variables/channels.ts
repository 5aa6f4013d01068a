import type { ChannelName, DeliveryPolicy } from '@campaign-manager/core/schemas';
import type { Variables } from '../variable.js';

const CHANNELS = ['email', 'webhook', 'log'] as const satisfies readonly ChannelName[];

const POLICIES = ['at_most_once', 'at_least_once'] as const satisfies readonly DeliveryPolicy[];

const notifierSchema = {
  type: 'object',
  maxProperties: 100,
  propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' },
  additionalProperties: {
    type: 'object',
    required: ['channel'],
    additionalProperties: false,
    properties: { channel: { enum: CHANNELS }, to: { type: 'string', minLength: 1, maxLength: 512 } },
  },
} as const;

export const channelVariables = {
  defaultChannel: {
    name: 'DEFAULT_CHANNEL',
    kind: 'enum',
    values: CHANNELS,
    defaultText: '`email` where `SMTP_URL` is set, else `log`',
    roles: ['api', 'worker'],
    description: 'The channel of campaigns that name none.',
  },
  smtpUrl: {
    name: 'SMTP_URL',
    kind: 'url',
    schemes: ['smtp', 'smtps'],
    secret: true,
    roles: ['api', 'worker'],
    description: 'The mail server, such as `smtp://user:password@mail.example.com:587`. Without it there is no email.',
  },
  smtpFrom: {
    name: 'SMTP_FROM',
    kind: 'string',
    default: 'Campaign Manager <campaigns@localhost>',
    pattern: /^(?:[^\s@<>,;:]+@[^\s@<>,;:]+|[^<>@\p{Cc}]*<[^\s@<>,;:]+@[^\s@<>,;:]+>)$/u,
    allowed: 'one address, with or without a name: Sales <sales@example.com>',
    roles: ['worker'],
    description: 'The sender of every email.',
  },
  smtpTimeoutMs: {
    name: 'SMTP_TIMEOUT_SECONDS',
    kind: 'number',
    default: 30,
    min: 0.1,
    max: 600,
    unit: 'seconds',
    times: 1000,
    roles: ['worker'],
    description: 'How long one sending by email may take in all.',
  },
  emailDeliveryPolicy: {
    name: 'EMAIL_DELIVERY_POLICY',
    kind: 'enum',
    values: POLICIES,
    default: 'at_most_once',
    roles: ['worker'],
    description:
      'What becomes of an email of which nobody knows whether the mail server took it: `at_most_once` leaves it `unknown` for an operator, `at_least_once` sends it again under the same `Message-ID`. The `delivery_policy` of a campaign goes before it.',
  },
  webhookUrl: {
    name: 'WEBHOOK_URL',
    kind: 'url',
    schemes: ['http', 'https'],
    roles: ['api', 'worker'],
    description: 'Where the webhook channel posts messages to. Needs `WEBHOOK_SECRET`.',
  },
  webhookSecret: {
    name: 'WEBHOOK_SECRET',
    kind: 'string',
    pattern: /^(?:whsec_)?[A-Za-z0-9+/]{4,}={0,2}$/,
    allowed: 'base64, with or without whsec_ before it',
    secret: true,
    roles: ['worker'],
    description: 'Signs webhooks, as Standard Webhooks describes; the receiver has the same.',
  },
  webhookTimeoutMs: {
    name: 'WEBHOOK_TIMEOUT_SECONDS',
    kind: 'number',
    default: 30,
    min: 0.1,
    max: 600,
    unit: 'seconds',
    times: 1000,
    roles: ['worker'],
    description: 'How long one webhook may take in all.',
  },
  webhookAllowPrivateAddresses: {
    name: 'WEBHOOK_ALLOW_PRIVATE_ADDRESSES',
    kind: 'boolean',
    default: false,
    roles: ['worker'],
    description: 'Lets webhooks go to private networks and to the machine itself.',
  },
  webhookDeliveryPolicy: {
    name: 'WEBHOOK_DELIVERY_POLICY',
    kind: 'enum',
    values: POLICIES,
    default: 'at_least_once',
    roles: ['worker'],
    description:
      'As `EMAIL_DELIVERY_POLICY`, of webhooks; what is sent again has the same key in `WEBHOOK_IDEMPOTENCY_HEADER`.',
  },
  webhookIdempotencyHeader: {
    name: 'WEBHOOK_IDEMPOTENCY_HEADER',
    kind: 'string',
    default: 'Idempotency-Key',
    // https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2; the names are refused by the channel as well
    pattern: /^[!#$%&'*+.^_`|~\w-]{1,64}$/,
    except: /^(?:host|connection|keep-alive|upgrade|te|trailer|transfer-encoding|expect|content-.*|webhook-.*)$/i,
    allowed: 'the name of a header that is not set otherwise, such as X-Request-Id',
    roles: ['worker'],
    description: 'The header of a webhook that holds the key of its message, by which receivers drop repetitions.',
  },
  notifiers: {
    name: 'NOTIFIERS',
    kind: 'json',
    schema: notifierSchema,
    allowed: 'a JSON object such as {"notify_manager":{"channel":"email","to":"boss@example.com"}}',
    default: '{}',
    defaultText: '`{"notify_manager":{"channel":"log"}}`',
    roles: ['api', 'worker'],
    description:
      'Who is told of escalations: names that templates use as `escalation_action`, each with a channel (`email`, `webhook`, `log`) and an address. `notify_manager` is always there.',
  },
} as const satisfies Variables;
