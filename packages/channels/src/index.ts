export * from './channel.js';
export { ChannelConfigError } from './channel-config-error.js';
export { type ChannelsConfig, type ChannelsDeps, createChannels } from './create-channels.js';
export { createEmailChannel, type EmailOptions } from './email.js';
export type { EmailIdentity, Identify } from './email-identity.js';
export { createLogChannel, type LogOptions } from './log.js';
export { createWebhookChannel, type WebhookOptions } from './webhook.js';
