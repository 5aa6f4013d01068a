export { applyChange } from './apply-change.js';
export * from './change.js';
export { isInDoubt } from './doubt.js';
export type * from './events.js';
export { QUARANTINE_AFTER } from './quarantine.js';
export { toMongo } from './to-mongo.js';
export { transition } from './transition.js';
export { wakes } from './wakes.js';
