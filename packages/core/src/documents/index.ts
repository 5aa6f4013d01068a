export type { Position } from './locate.js';
export { type LocatedFault, parseText, type ReadDocument } from './parse-text.js';
