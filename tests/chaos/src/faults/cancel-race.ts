import type { Fault } from '../fault.js';
import { type ForbiddenSpan, sentAgainst } from '../promise-six.js';
import { accept } from '../world/client.js';
import { slowMongo } from '../world/slow-mongo.js';

const SLOW_MS = 30;

/** Campaigns are cancelled in the middle of sending, one after the other. */
export const cancelRace: Fault = {
  name: 'cancel-race',
  about: 'campaigns are cancelled in the middle of sending: nothing leaves afterwards, everything is accounted for',
  plan: ({ times, recipients, policy }) => {
    const loads = Array.from({ length: times }, (_, i) => ({
      campaign: `cancel-race-${i}`,
      policy,
      recipients: Math.ceil(recipients / times),
      stages: 4,
      followUps: 1,
      gapSeconds: 1,
      replyEvery: 5,
    }));
    const spans = new Map<string, ForbiddenSpan>();
    return {
      loads,
      launchesItself: true,
      world: { services: (shared) => slowMongo(shared, SLOW_MS) },
      inject: async (world) => {
        for (const load of loads) {
          await world.launch(load);
          await world.wait(world.random() * 4000);
          accept(await world.client.post(`/v1/campaigns/${load.campaign}/cancel`, {}), 'the cancellation');
          spans.set(load.campaign, { from: Date.now(), because: 'the cancellation was acknowledged' });
        }
      },
      injected: () => spans.size,
      allowance: () => ({ unknownAtMost: 0, cancelled: new Set(spans.keys()) }),
      check: (_, evidence) =>
        sentAgainst(evidence, (key) => {
          const span = spans.get(key.split('/', 1)[0] ?? '');
          return span ? [span] : [];
        }),
    };
  },
};
