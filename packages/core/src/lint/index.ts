export { lintCampaign } from './lint-campaign.js';
export { lintTemplate } from './lint-template.js';
export { mostMessages } from './most-messages.js';
export { sourceChecks } from './source-checks.js';
