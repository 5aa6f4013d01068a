import type { Variables } from '../variable.js';

/** Signed links, reply addresses and the listener for inbound mail. */
export const mailVariables = {
  linkSecret: {
    name: 'LINK_SECRET',
    kind: 'string',
    pattern: /^[\x21-\x7e]{32,256}$/,
    allowed: '32 to 256 characters without spaces',
    secret: true,
    roles: ['api', 'worker'],
    description:
      'Signs links, reply addresses and message ids, so that what comes back can be trusted and needs no index. The same for all apps; with another one, what was sent before is no longer recognised.',
  },
  publicUrl: {
    name: 'PUBLIC_URL',
    kind: 'url',
    schemes: ['http', 'https'],
    roles: ['api', 'worker'],
    description:
      'The address under which recipients reach the api, such as `https://campaigns.example.com`; mails then carry a link to unsubscribe with one click. Needs `LINK_SECRET`.',
  },
  inboundDomain: {
    name: 'INBOUND_DOMAIN',
    kind: 'string',
    // https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i,
    maxCharacters: 200,
    allowed: 'a domain such as replies.example.com',
    roles: ['api', 'worker'],
    description:
      'The domain of reply addresses and return paths. Its mail must reach the listener (`INBOUND_SMTP_PORT`). Needs `LINK_SECRET`.',
  },
  inboundSmtpPort: {
    name: 'INBOUND_SMTP_PORT',
    kind: 'integer',
    min: 0,
    max: 65_535,
    roles: ['api'],
    description:
      'The port at which the api takes inbound mail by SMTP; 0 takes a free one. Without it there is no listener. Needs `INBOUND_DOMAIN`.',
  },
  inboundSmtpHost: {
    name: 'INBOUND_SMTP_HOST',
    kind: 'string',
    default: '0.0.0.0',
    pattern: /^[\w.:-]+$/,
    allowed: 'a host name or an IP address',
    roles: ['api'],
    description: 'The address that the listener for inbound mail listens on.',
  },
} as const satisfies Variables;
