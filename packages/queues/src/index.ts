export * from './catalog.js';
export * from './consumers.js';
export * from './fair-share.js';
export * from './hand-out.js';
export * from './job-ids.js';
export * from './producers.js';
export * from './rate-limit.js';
export * from './redis.js';
