import type { Fault } from '../fault.js';

const CAMPAIGNS = 4;

/**
 * The api is killed while a client launches campaigns and recipients reply. Both repeat each request until it is
 * answered, with the same ids: nothing is lost by it, and nothing is applied twice.
 */
export const apiKill: Fault = {
  name: 'api-kill',
  about: 'SIGKILL of the api under a client that launches and replies, and repeats until it is answered',
  plan: ({ times, recipients, policy }) => {
    const loads = Array.from({ length: CAMPAIGNS }, (_, i) => ({
      campaign: `api-kill-${i}`,
      policy,
      recipients: Math.ceil(recipients / CAMPAIGNS),
      stages: Math.max(3, Math.ceil(times / 2)),
      followUps: 1,
      gapSeconds: 1,
      replyEvery: 2,
    }));
    return {
      loads,
      launchesItself: true,
      world: { replyAfterMs: (random) => random() * 1500 },
      inject: async (world) => {
        const launching = Promise.all(
          loads.map(async (load, i) => {
            await world.wait(i * 700);
            await world.launch(load);
          }),
        );
        launching.catch(() => undefined); // awaited below
        for (let n = 0; n < times && !(await world.over()); n++) {
          // The first ones hit the launches.
          await world.wait(n < CAMPAIGNS ? 50 + world.random() * 1000 : 200 + world.random() * 1000);
          const [victim] = world.apis.running;
          if (victim === undefined) continue;
          world.struck();
          await world.apis.kill(victim);
          await world.apis.add();
        }
        await launching;
      },
      // Back at work is who answers; the start of the next api is in it.
      signsOfWork: ({ client }) => client.answeredAt,
      allowance: () => ({ unknownAtMost: 0 }),
      check: ({ client }) => (client.repeats === 0 ? ['no request met a dead api: the fault was not felt'] : []),
    };
  },
};
