import type { CampaignInput } from '../schemas/campaign.js';
import { createFault, type Fault } from '../schemas/fault.js';

/**
 * What is allowed in a campaign and hardly meant: an `end_date` that has passed at `now` (milliseconds), after which
 * nothing is sent. All of it are warnings. `campaign` has passed its schema. Pure.
 */
export function lintCampaign({ schedule }: Pick<CampaignInput, 'schedule'>, now: number): readonly Fault[] {
  const end = schedule?.end_date;
  if (end === undefined || Date.parse(end) > now) return [];
  const message = `The end of the campaign, ${end}, has passed: nothing will be sent.`;
  return [createFault(['schedule', 'end_date'], message, { found: end, expected: 'a date in the future' })];
}
