import { createServer, type Server, type Socket } from 'node:net';
import { type Channel, createEmailChannel } from '@campaign-manager/channels';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { loadChannel, resumeChannel } from '@campaign-manager/core/store';
import { startMailbox } from '@campaign-manager/local-stack';
import { createProducers, producerConnection } from '@campaign-manager/queues';
import { dropKeys, until } from '@campaign-manager/testkit';
import type { WorkerContext } from '../src/context.js';
import { createDispatcher } from '../src/delivery/dispatcher.js';
import { createRecorder } from '../src/delivery/recorder.js';
import { advanceBatch } from '../src/jobs/advance-batch.js';
import { retry } from '../src/jobs/retry.js';
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

const people = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ ...ANN, _id: `p${i}`, email: `p${i}@example.test` }));
const keyOf = (id: string) => `${id}/tell/1/0/0`;

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function world(env: Readonly<Record<string, string>> = {}): Promise<World> {
  const made = await createWorld('protection', env);
  endings.push(made.stop);
  return made;
}

/** Another worker process of the same system: it shares nothing but MongoDB and Redis. */
function processOf(one: World, channel: Channel, more: Partial<WorkerContext> = {}): WorkerContext {
  const ports = { ...one.context, ...more };
  const dispatcher = createDispatcher(ports, channel, createRecorder(ports), ports.config.workerConcurrentTasks);
  return { ...ports, channels: new Map([['email', channel]]), dispatchers: new Map([['email', dispatcher]]) };
}

function send(context: WorkerContext, ids: readonly string[], campaign = 'c'): Promise<void> {
  return advanceBatch(context, job({ campaign_id: campaign, conversation_ids: ids }));
}

async function sinkOf() {
  const mailbox = await startMailbox();
  endings.push(mailbox.stop);
  const channel = () => {
    const made = createEmailChannel({ url: mailbox.uri, from: 'us@example.test', timeoutMs: 5000, connections: 16 });
    endings.push(made.close);
    return made;
  };
  return { mailbox, channel };
}

/** The most mails that arrived within a window of this length, wherever it begins. */
function mostWithin(times: readonly number[], windowMs: number): number {
  return Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + windowMs).length));
}

describe('a rate limit', () => {
  it('is kept by two processes together, over any stretch of time, as the mail server sees it', async () => {
    const one = await world({ EMAIL_MAX_PER_SECOND: '20' });
    const { mailbox, channel } = await sinkOf();
    const processes = [processOf(one, channel()), processOf(one, channel())];
    const ids = await one.begin('c', template, { recipients: people(60) });

    await Promise.all(processes.map((context, i) => send(context, ids.slice(i * 30, (i + 1) * 30))));
    await until(
      async () => {
        const now = one.context.clock.now();
        const due = (await one.rows()).filter(({ status, due_at = 0 }) => status === 'retry' && due_at <= now);
        await Promise.all(due.map(({ _id }, i) => retry(processes[i % 2] as WorkerContext, job({ key: _id }))));
        return mailbox.messages().length === 60;
      },
      { describe: 'all to have arrived', timeoutMs: 30_000 },
    );

    const times = mailbox.messages().map(({ receivedAt }) => receivedAt);
    expect(times).toHaveLength(60);
    // Two tokens go together. Four lanes may each have such a pair under way, which a slow moment may bring in at once.
    for (const windowMs of [500, 1000, 2000]) {
      expect(mostWithin(times, windowMs)).toBeLessThanOrEqual((20 * windowMs) / 1000 + 2 + 8);
    }
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(2000);
  }, 60_000);

  it('lets a message go when its token is due, not when it is granted', async () => {
    const one = await world({ EMAIL_MAX_PER_SECOND: '4' });
    const ids = await one.begin('c', template, { recipients: people(4) });
    const times: number[] = [];
    one.channel.answer = () => {
      times.push(performance.now());
      return { status: 'accepted' };
    };
    await send(one.context, ids);

    expect(times.length).toBeGreaterThanOrEqual(2);
    // The first one may have come late by its claim; none may come before its quarter of a second.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan((times.length - 1) * 250 - 240);
  });

  it('lets what it cannot take within seconds wait in the ledger, one after the other, and counts no attempt', async () => {
    const one = await world({ EMAIL_MAX_PER_SECOND: '0.05' });
    const ids = await one.begin('c', template, { recipients: people(20) });
    await send(one.context, ids);

    expect(one.channel.wire).toHaveLength(1);
    expect(one.channel.open()).toBe(0);
    const waiting = (await one.rows()).filter(({ status }) => status === 'retry');
    expect(waiting).toHaveLength(19);
    for (const row of waiting) expect(row).toMatchObject({ attempt: 0, attempts: [{ reason: 'rate_limited' }] });
    const due = waiting.map(({ due_at = 0 }) => due_at).sort((a, b) => a - b);
    for (const [i, at] of due.slice(1).entries()) expect(at - (due[i] ?? 0)).toBeGreaterThan(17_000);

    await dropKeys(`${one.context.config.redisPrefix}:limit`); // Redis is emptied: the limit begins anew
    one.skip(1_000_000);
    await retry(one.context, job({ key: waiting[0]?._id ?? '' }));
    expect(one.channel.wire.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it('gives no message leave where Redis is away: they wait, and leave once when it is back', async () => {
    const one = await world({ EMAIL_MAX_PER_SECOND: '1000' });
    const ids = await one.begin('c', template, { recipients: people(10) });
    const producers = createProducers(producerConnection('redis://127.0.0.1:1'), one.context.config.redisPrefix);
    endings.push(producers.close);
    await send(processOf(one, one.channel, { producers }), ids);

    expect(one.channel.wire).toEqual([]);
    expect(one.channel.open()).toBe(0);
    for (const row of await one.rows()) {
      expect(row).toMatchObject({ status: 'retry', attempt: 0, attempts: [{ reason: 'rate_limit_unknown' }] });
    }
    one.skip(30_000);
    for (const id of ids) await retry(one.context, job({ key: keyOf(id) }));
    expect(one.channel.wire.map(({ key }) => key).sort()).toEqual(ids.map(keyOf).sort());
  });

  it('that is not set asks Redis nothing', async () => {
    const one = await world();
    const ids = await one.begin('c', template, { recipients: people(10) });
    await send(one.context, ids);

    expect(one.channel.wire).toHaveLength(10);
    const { redis } = one.context.producers;
    expect(await redis.keys(`${one.context.config.redisPrefix}:limit*`)).toEqual([]);
  });
});

describe('a mail server that takes the connection and never says a word', () => {
  async function silentServer(): Promise<{ readonly url: string; connections(): number }> {
    const sockets = new Set<Socket>();
    let connections = 0;
    const server: Server = createServer((socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endings.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port.');
    return { url: `smtp://127.0.0.1:${address.port}`, connections: () => connections };
  }

  it('is waited for by a few chunks, then by one message now and then; everything else waits untried', async () => {
    const one = await world();
    const server = await silentServer();
    const channel = createEmailChannel({ url: server.url, from: 'us@example.test', timeoutMs: 200, connections: 16 });
    endings.push(channel.close);
    const context = processOf(one, channel);
    const ids = await one.begin('c', template, { recipients: people(200) });

    await send(context, ids.slice(0, 100));
    const before = server.connections();
    expect(before).toBeLessThanOrEqual(4 * 8); // three chunks in a row, and one that the other lane had begun
    await send(context, ids.slice(100, 190));
    expect(server.connections()).toBeLessThanOrEqual(before + 1); // at most a probe

    one.skip(5000);
    const probed = server.connections();
    await send(context, ids.slice(190));
    expect(server.connections()).toBe(probed + 1);
    const rows = await one.rows();
    expect(rows).toHaveLength(200);
    for (const row of rows) expect(row).toMatchObject({ status: 'retry', attempt: 0 });
    expect(await metric(one, 'communication_channel_state{channel="email",state="open"}')).toBe(1);

    one.skip(60_000); // nobody has anything to send: it is not open for ever
    expect(await metric(one, 'communication_channel_state{channel="email",state="open"}')).toBe(0);
    expect(await metric(one, 'communication_channel_state{channel="email",state="half_open"}')).toBe(1);
  });

  it('gets everything as soon as one message has reached it again', async () => {
    const one = await world();
    const ids = await one.begin('c', template, { recipients: people(40) });
    const postponed = 'communication_messages_postponed_total{channel="email",reason="channel_unavailable"}';
    expect(await metric(one, postponed)).toBe(0);
    one.channel.available = false;
    await send(one.context, ids);
    expect(await metric(one, postponed)).toBe(40);
    expect(await metric(one, 'communication_channel_state{channel="email",state="open"}')).toBe(1);

    one.channel.available = true;
    one.skip(100_000);
    for (const id of ids) await retry(one.context, job({ key: keyOf(id) }));
    expect(one.channel.wire.map(({ key }) => key).sort()).toEqual(ids.map(keyOf).sort());
    expect(await metric(one, 'communication_channel_state{channel="email",state="closed"}')).toBe(1);
  });
});

async function metric({ context }: World, name: string): Promise<number> {
  const lines = (await context.metrics.registry.metrics()).split('\n');
  return Number(lines.find((line) => line.startsWith(name))?.slice(name.length));
}

describe('a channel over which too much fails', () => {
  const env = { CHANNEL_PAUSE_MIN_OUTCOMES: '20' };

  it('is paused for every process until somebody resumes it; its messages wait and then leave once', async () => {
    const one = await world(env);
    const other = processOf(one, one.channel);
    const ids = await one.begin('c', template, { recipients: people(120) });
    one.channel.answer = ({ key }) =>
      key.endsWith('3/tell/1/0/0') ? { status: 'accepted' } : { status: 'unknown', reason: 'silence' };
    await send(one.context, ids.slice(0, 40));
    expect(await loadChannel(one.store, 'email')).toMatchObject({ status: 'paused', by: 'worker' });
    expect(await metric(one, 'communication_channel_pauses_total{channel="email"}')).toBe(1);

    const before = one.channel.wire.length;
    expect(before).toBeLessThan(40); // what was under way when it was paused has ended
    one.channel.answer = () => ({ status: 'accepted' });
    await Promise.all([send(one.context, ids.slice(40, 60)), send(other, ids.slice(60))]);
    expect(one.channel.wire).toHaveLength(before);
    const waiting = (await one.rows()).filter(({ status }) => status === 'retry');
    expect(waiting).toHaveLength(120 - before);
    for (const row of waiting) expect(row).toMatchObject({ attempt: 0, attempts: [{ reason: 'channel_paused' }] });

    // One more that fails does not pause it again: whoever resumes it has seen what was before.
    one.channel.answer = () =>
      one.channel.wire.length === before + 1 ? { status: 'unknown', reason: 'silence' } : { status: 'accepted' };
    await resumeChannel(one.store, 'email', { by: 'tests', now: one.context.clock.now() });
    await until(
      async () => {
        for (const { _id } of waiting) await retry(one.context, job({ key: _id }));
        return one.channel.wire.length === 120;
      },
      { describe: 'the messages that have waited are sent', timeoutMs: 20_000 },
    );
    expect(new Set(one.channel.wire.map(({ key }) => key)).size).toBe(120);
    expect(await loadChannel(one.store, 'email')).toMatchObject({ status: 'active', by: 'tests' });
  }, 60_000);

  it.each([
    ['for what is deferred', env, () => ({ status: 'deferred', reason: 'busy' }) as const],
    [
      'for too few outcomes',
      { CHANNEL_PAUSE_MIN_OUTCOMES: '41' },
      () => ({ status: 'unknown', reason: 'silence' }) as const,
    ],
    [
      'where that is switched off',
      { ...env, CHANNEL_PAUSE_ERROR_RATE: '0' },
      () => ({ status: 'unknown', reason: 'silence' }) as const,
    ],
  ])('is not paused %s', async (_, settings, answer) => {
    const one = await world(settings);
    const ids = await one.begin('c', template, { recipients: people(40) });
    one.channel.answer = answer;
    await send(one.context, ids);

    expect(one.channel.wire).toHaveLength(40);
    expect(await loadChannel(one.store, 'email')).toBeNull();
  });
});

it('the message of a small campaign does not wait for a huge one that came before it', async () => {
  const one = await world();
  const huge = await one.begin('huge', template, { recipients: people(150) });
  const small = await one.begin('small', template, { recipients: people(1) });
  const letThrough = one.channel.hold();
  const sending = [send(one.context, huge, 'huge')];
  await until(() => one.channel.waiting() === 16, { describe: 'both lanes to be busy with the huge campaign' });
  sending.push(send(one.context, small, 'small'));
  await until(async () => (await one.conversation('small/p0')).outbox.length === 1, { describe: 'it is decided' });
  await until(
    async () => {
      letThrough();
      return one.channel.wire.some(({ key }) => key.startsWith('small/'));
    },
    { describe: 'the message of the small campaign is sent' },
  );
  await Promise.all(sending);

  expect(one.channel.wire.findIndex(({ key }) => key.startsWith('small/'))).toBeLessThan(60);
});
