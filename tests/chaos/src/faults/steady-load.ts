import type { Dose } from '../fault.js';
import type { Load } from '../load.js';

/** A stage takes about so long, with a second between messages. */
const STAGE_SECONDS = 1.7;

/** A campaign in which there is always something to send, for about so many seconds. */
export function steadyLoad(campaign: string, { recipients, policy }: Dose, seconds: number): Load {
  const stages = Math.max(2, Math.ceil(seconds / STAGE_SECONDS));
  return { campaign, policy, recipients, stages, followUps: 1, gapSeconds: 1, replyEvery: 5 };
}
