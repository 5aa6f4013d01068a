import type { Variables } from '../variable.js';

/** What the `campaign` command reads. */
export const cliVariables = {
  apiUrl: {
    name: 'CAMPAIGN_API_URL',
    kind: 'url',
    schemes: ['http', 'https'],
    default: 'http://127.0.0.1:3000',
    roles: ['cli'],
    description: 'Where the `campaign` command finds the api; its option `--api` counts more.',
  },
  apiKey: {
    name: 'CAMPAIGN_API_KEY',
    kind: 'string',
    pattern: /^\S{1,256}$/,
    allowed: '1 to 256 characters without spaces',
    secret: true,
    defaultText: 'the key in `.campaign/api-key`, which `npm start` makes',
    roles: ['cli'],
    description: 'The API key of the `campaign` command.',
  },
} as const satisfies Variables;
