import type { Variables } from '../variable.js';

export const apiVariables = {
  apiHost: {
    name: 'API_HOST',
    kind: 'string',
    default: '0.0.0.0',
    pattern: /^[\w.:-]+$/,
    allowed: 'a host name or an IP address',
    roles: ['api'],
    description: 'The address that the api listens on.',
  },
  apiPort: {
    name: 'API_PORT',
    kind: 'integer',
    default: 3000,
    min: 0,
    max: 65_535,
    roles: ['api'],
    description: 'The port that the api listens on; 0 takes a free one.',
  },
  apiBootstrapKey: {
    name: 'API_BOOTSTRAP_KEY',
    kind: 'string',
    pattern: /^\S{24,256}$/,
    allowed: '24 to 256 characters without spaces',
    secret: true,
    roles: ['api'],
    description:
      'An API key with all rights, for the first steps of an installation. An api that starts with another one withdraws it.',
  },
  queuesWritable: {
    name: 'QUEUES_WRITABLE',
    kind: 'boolean',
    default: false,
    roles: ['api'],
    description:
      'Whether the board at `/queues` may move, retry and remove jobs and pause queues. It only shows them otherwise.',
  },
} as const satisfies Variables;
