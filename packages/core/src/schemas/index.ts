export * from './campaign.js';
export type { Fault } from './fault.js';
export * from './ids.js';
export * from './recipient.js';
export * from './response.js';
export * from './template.js';
