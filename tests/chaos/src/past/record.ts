import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '@campaign-manager/core/simulator';
import type { MailFate, ReceivedMail } from '@campaign-manager/local-stack';
import type { Load } from '../load.js';
import { accept } from '../world/client.js';
import { KEY_HEADER } from '../world/key-header.js';
import { createSharedServices } from '../world/services.js';
import { createWorld, type World } from '../world/world.js';
import { saveSnapshot, takeSnapshot } from './snapshot.js';

/**
 * Records what the apps of another version leave behind, for the fault `older-version`:
 * `node tests/chaos/dist/past/record.js --root <built checkout> --name <its version> --out <file>`
 */
const { values } = parseArgs({
  options: { root: { type: 'string' }, name: { type: 'string' }, out: { type: 'string' } },
});

const common = {
  policy: 'at_most_once' as const,
  recipients: 8,
  stages: 3,
  followUps: 1,
  gapSeconds: 1,
  replyEvery: 4,
};
const RUNNING: Load = { ...common, campaign: 'past-running', recipients: 16, escalateAfterSeconds: 0.2 };
const PAUSED: Load = { ...common, campaign: 'past-paused' };
const CANCELLED: Load = { ...common, campaign: 'past-cancelled' };
const FRESH: Load = { ...common, campaign: 'past-fresh' };
const LOADS = [RUNNING, PAUSED, CANCELLED, FRESH];

/** Some mails are put off, some never answered, so that rows of every kind are left. */
function fateOf({ headers }: ReceivedMail): MailFate {
  const number = Number(/-p(\d+)\//.exec(headers[KEY_HEADER] ?? '')?.[1]);
  if (number % 8 === 2) return { code: 451, text: 'Later.' };
  return number % 8 === 3 ? 'hang' : 'accept';
}

/** BullMQ's own switch: jobs of this queue wait. */
const hold = ({ redis, prefix }: World, queue: string) => redis.hset(`${prefix}:${queue}:meta`, 'paused', '1');

async function leaveTraces(world: World): Promise<void> {
  await hold(world, 'notifications');
  for (const load of [RUNNING, PAUSED, CANCELLED]) await world.launch(load);
  await world.wait(2800); // first messages, hanging ones unknown, follow-ups and escalations on their way
  accept(await world.client.post(`/v1/campaigns/${PAUSED.campaign}/pause`, {}), 'the pause');
  await hold(world, 'messages');
  await world.wait(600);
  for (const worker of world.workers.running) await world.workers.kill(worker);
  accept(await world.client.post(`/v1/campaigns/${CANCELLED.campaign}/cancel`, {}), 'the cancellation');
  await world.launch(FRESH);
  for (const recipient of ['past-running-p1', 'past-running-p5', 'past-paused-p1']) {
    const campaign_id = recipient.replace(/-p\d+$/, '');
    const body = { campaign_id, recipient_id: recipient, intent: 'yes', data: { from: 'the past' } };
    accept(await world.client.post('/v1/responses', body, { 'idempotency-key': `past-reply-${recipient}` }), 'a reply');
  }
  await world.wait(1500); // the scheduler hands out what is due
  for (const fleet of [world.schedulers, world.apis]) for (const one of fleet.running) await fleet.kill(one);
}

async function main(root: string, name: string, out: string): Promise<void> {
  const shared = createSharedServices();
  const folder = await mkdtemp(join(tmpdir(), 'chaos-record-'));
  let world: World | undefined;
  try {
    const signal = AbortSignal.timeout(60_000);
    const settings = { root, mailbox: { intercept: fateOf } };
    world = await createWorld({
      name,
      folder,
      loads: LOADS,
      settings,
      shared: shared.get,
      random: createRandom(1),
      signal,
    });
    await leaveTraces(world);
    await saveSnapshot(out, await takeSnapshot(world, name, LOADS));
  } finally {
    await world?.destroy();
    await shared.stop();
    await rm(folder, { recursive: true });
  }
}

const { root, name, out } = values;
if (root === undefined || name === undefined || out === undefined) {
  console.error('usage: record --root <built checkout> --name <its version> --out <file>');
  process.exitCode = 64;
} else await main(root, name, out);
