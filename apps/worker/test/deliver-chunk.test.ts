import { type Channel, createEmailChannel, type Slot } from '@campaign-manager/channels';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import {
  addEvent,
  expiredLeases,
  expireLease,
  loadCampaign,
  recordOutcomes,
  suppressionId,
} from '@campaign-manager/core/store';
import { until } from '@campaign-manager/testkit';
import { type ScriptedSmtp, startScriptedSmtp } from '../../../packages/channels/test/scripted-smtp.js';
import { deliverChunk } from '../src/delivery/deliver-chunk.js';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { ANN, createWorld, job, type World } from './support/world.js';

const template: CampaignTemplate = {
  _id: 'tell',
  name: 'Tell',
  type: 'sales',
  stages: {
    tell: {
      messages: [{ template: 'News.' }],
      progression_rules: { response_required: true, max_stage_duration_hours: 1000 },
    },
  },
};

let world: World;
let server: ScriptedSmtp;
let channel: Channel;
let id: string;
let key: string;
let campaigns = 0;
/** How much longer everything takes than it does: what a suspended process finds out when it goes on. */
let suspendedMs = 0;
let metricsSampleRate = 1;

beforeAll(async () => {
  world = await createWorld('deliver_chunk');
}, 60_000);

afterAll(() => world.stop());

/** A message that waits for its first attempt, and a server that grants DATA when told. */
beforeEach(async () => {
  suspendedMs = 0;
  metricsSampleRate = 1;
  world.channel.available = false;
  const campaign = `c${campaigns++}`;
  const recipient = { ...ANN, _id: `ann${campaigns}` };
  [id = ''] = await world.begin(campaign, template, { recipients: [recipient] });
  key = `${id}/tell/1/0/0`;
  await advanceBatch(world.context, job({ campaign_id: campaign, conversation_ids: [id] }));
  server = await startScriptedSmtp();
  channel = createEmailChannel({ url: server.url, from: 'sales@example.com', timeoutMs: 20_000, connections: 3 });
});

afterEach(async () => {
  await channel.close();
  await server.stop();
});

async function row() {
  const found = await world.row(key);
  if (!found) throw new Error('It waits for its channel.');
  return found;
}

/** Delivers it so many times in one chunk, as an attempt of a row that exists or as the first, over such connections. */
async function deliver(times = 1, isFirst = false, through = (slot: Slot) => slot): Promise<void> {
  const existing = await row();
  const { stage, visit, index, ordinal, decided_at, subject, body, recipient_id, conversation_id, campaign_id } =
    existing;
  if (isFirst) await world.store.messages.collection.deleteOne({ _id: key as never });
  const delivery = {
    effect: { kind: 'message' as const, key, stage, visit, index, ordinal, decided_at },
    content: { subject, body },
    conversationId: conversation_id,
    recipientId: recipient_id,
    recipient: null,
    campaign: await loadCampaign(world.store, campaign_id),
    existing: isFirst ? null : existing,
  };
  const stopwatch = () => {
    const startedAt = suspendedMs;
    return () => suspendedMs - startedAt;
  };
  const { settled } = await deliverChunk(
    {
      context: { ...world.context, config: { ...world.context.config, metricsSampleRate } },
      channel,
      settle: (_, outcome) => recordOutcomes(world.store, [outcome]),
      random: () => 0,
      stopwatch,
      answered: () => {},
    },
    await Promise.all(
      Array.from({ length: times }, async () => ({
        delivery,
        to: existing.to,
        slot: through(await channel.reserve(new AbortController().signal)),
      })),
    ),
  );
  await settled;
}

/** The process is suspended for this long when the last look has said go. */
const suspendedAfterLook =
  (ms: number) =>
  (slot: Slot): Slot => ({
    ...slot,
    send: (message, signal, look) =>
      slot.send(message, signal, () => {
        const answer = look?.() ?? null;
        suspendedMs += ms;
        return answer;
      }),
  });

/** Delivers; between the sender's DATA and the server's answer to it, `happen`. */
async function deliverWhile(happen: () => void | Promise<void>): Promise<void> {
  let grant: () => void = () => {};
  const granted = new Promise<void>((resolve) => {
    grant = resolve;
  });
  server.script.data = { after: granted };
  const delivered = deliver();
  await until(() => server.commands.includes('DATA'), { describe: 'the message to be before the wire' });
  await happen();
  grant();
  await delivered;
  delete server.script.data;
}

it.each([
  ['a later attempt', false],
  ['the first attempt', true],
])('%s that stands in one chunk three times, as jobs too many ask for it, leaves once', async (_, isFirst) => {
  await deliver(3, isFirst);

  expect(server.mails).toHaveLength(1);
  expect(await row()).toMatchObject({ status: 'sent', attempt: 1 });
});

it('a worker that was stopped between gate and wire beyond its lease sends nothing, and the message leaves later, once', async () => {
  await deliverWhile(() => {
    suspendedMs += 3_600_000;
  });

  expect([server.bodies(), server.mails.length]).toEqual([0, 0]);
  expect(await row()).toMatchObject({ status: 'retry', attempt: 0 });
  expect((await row()).attempts.at(-1)).toMatchObject({ outcome: 'held_back', reason: 'halt' });
  await deliver();
  expect(server.mails).toHaveLength(1);
  expect(await row()).toMatchObject({ status: 'sent', attempt: 1 });
});

it('what the ledger had given up in the meantime as unknown is proven not to have left', async () => {
  await deliverWhile(async () => {
    suspendedMs += 3_600_000;
    const late = world.context.clock.now() + 3_600_000;
    for (const lost of await expiredLeases(world.store, late, 10)) await expireLease(world.store, lost, late, 0);
    expect(await row()).toMatchObject({ status: 'unknown', tell: true });
  });

  expect(server.mails).toEqual([]);
  expect(await row()).toMatchObject({ status: 'retry', attempt: 0 });
  expect(await row()).not.toHaveProperty('tell');
});

it.each([
  ['a reply', () => addEvent(world.store, id, { id: 'r', type: 'response', at: 1 }), 'retry'],
  [
    'a suppression',
    () =>
      world.store.suppressions.collection.insertOne({
        _id: suppressionId('email', ANN['email'] as string) as never,
        reason: 'bounce',
        created_at: new Date(),
      }),
    'suppressed',
  ],
] as const)('%s that comes while a slow server thinks about DATA holds the message back', async (_, happen, status) => {
  await deliverWhile(async () => {
    await happen();
    suspendedMs += 1500;
  });

  expect(server.mails).toEqual([]);
  expect(await row()).toMatchObject({ status });
  await world.store.suppressions.collection.deleteMany({});
});

it('a server that is only slow gets the message, and the time from the gate to the wire is that of the second look', async () => {
  await deliverWhile(() => {
    suspendedMs += 1500;
  });

  expect(server.mails).toHaveLength(1);
  expect(await row()).toMatchObject({ status: 'sent', attempt: 1 });
  const metrics = await world.context.metrics.registry.metrics();
  expect(metrics).toMatch(/communication_gate_to_wire_seconds_bucket\{le="1",channel="email"\} [1-9]/);
  expect(metrics).not.toMatch(/communication_gate_to_wire_seconds_sum\{channel="email"\} [1-9]/);
});

it('a message that left late, because its process was suspended behind the last look, is counted, sampled or not', async () => {
  const late = async () => {
    const metrics = await world.context.metrics.registry.metrics();
    return /^communication_gate_to_wire_late_total\{channel="email"\} (\d+)$/m.exec(metrics)?.[1];
  };
  expect(await late()).toBe('0');
  metricsSampleRate = 0;
  await deliver(1, false, suspendedAfterLook(1500));
  expect(await row()).toMatchObject({ status: 'sent' });
  expect(await late()).toBe('1');
});
