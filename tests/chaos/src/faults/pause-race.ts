import type { Fault } from '../fault.js';
import { type ForbiddenSpan, sentAgainst } from '../promise-six.js';
import { accept } from '../world/client.js';
import { slowMongo } from '../world/slow-mongo.js';
import { SMTP_TIMEOUT_MS } from '../world/world.js';

const SLOW_MS = 30;
/** Longer than anything that passed the gate before may still take. */
const PAUSED_MS = 1500 + SMTP_TIMEOUT_MS;
const CAMPAIGN = 'pause-race';

/** A campaign is paused in the middle of sending and resumed, again and again. */
export const pauseRace: Fault = {
  name: 'pause-race',
  about: 'a campaign is paused in the middle of sending and resumed: nothing leaves in between, nothing is lost',
  plan: ({ times, recipients, policy }) => {
    const spans: ForbiddenSpan[] = [];
    return {
      loads: [
        {
          campaign: CAMPAIGN,
          policy,
          recipients,
          stages: Math.max(2, Math.ceil(times / 1.5)),
          followUps: 1,
          gapSeconds: 1,
          replyEvery: 5,
        },
      ],
      world: { services: (shared) => slowMongo(shared, SLOW_MS) },
      inject: async (world) => {
        for (let n = 0; n < times && !(await world.over()); n++) {
          await world.wait(300 + world.random() * 1200);
          const strike = world.struck();
          const { status } = await world.client.post(`/v1/campaigns/${CAMPAIGN}/pause`, {});
          if (status === 409) return; // it has ended
          const from = Date.now();
          await world.wait(PAUSED_MS);
          const until = Date.now();
          accept(await world.client.post(`/v1/campaigns/${CAMPAIGN}/resume`, {}), 'the resumption');
          strike.from = Date.now();
          spans.push({ from, until, because: 'the pause was acknowledged' });
        }
      },
      allowance: () => ({ unknownAtMost: 0 }),
      check: (_, evidence) => sentAgainst(evidence, () => spans),
    };
  },
};
