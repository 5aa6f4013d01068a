import type { Fault } from '../fault.js';
import { sentAgainst } from '../promise-six.js';
import { slowMongo } from '../world/slow-mongo.js';

/** Each way: a claim, the gate and the record each take this much longer, so that replies fall in between. */
const SLOW_MS = 30;
const GAP_MS = 1000;

/**
 * Everybody replies at about the moment at which the follow-up falls due. A reply that was acknowledged before the gate
 * was read means that the follow-up does not leave.
 */
export const replyRace: Fault = {
  name: 'reply-race',
  about: 'replies that come at the moment at which follow-ups leave (injected: replies)',
  plan: ({ recipients, policy }) => ({
    loads: [
      { campaign: 'reply-race', policy, recipients, stages: 5, followUps: 2, gapSeconds: GAP_MS / 1000, replyEvery: 1 },
    ],
    world: {
      services: (shared) => slowMongo(shared, SLOW_MS),
      replyAfterMs: (random) => GAP_MS - 100 + random() * 600,
    },
    inject: async () => undefined,
    injected: ({ repliers }) => repliers.acknowledged.length,
    allowance: () => ({ unknownAtMost: 0 }),
    check: ({ repliers }, evidence) => {
      const answered = new Map(repliers.acknowledged.map((reply) => [visitOf(reply.to), reply]));
      return sentAgainst(evidence, (key) => {
        const reply = answered.get(visitOf(key));
        const isFollowUp = !key.endsWith('/0');
        return reply && isFollowUp ? [{ from: reply.at, because: `the reply ${reply.id} was acknowledged` }] : [];
      });
    },
  }),
};

/** The key without index and ordinal. */
function visitOf(key: string): string {
  return key.split('/').slice(0, 4).join('/');
}
