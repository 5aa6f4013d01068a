export * from './create-models.js';
export * from './documents.js';
