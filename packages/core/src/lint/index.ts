export { lintTemplate } from './lint-template.js';
export { sourceChecks } from './source-checks.js';
