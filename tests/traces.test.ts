import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectStore, migrate } from '@campaign-manager/core/store';
import {
  type Api,
  createTestSystem,
  dropDatabase,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { draftCampaign, launch } from './support/campaign.js';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver, treeOf } from './support/otlp-receiver.js';
import { twoMessages } from './support/two-messages.js';

/** What no span may show: ids are the users' own, and this one's is an address. */
const ADDRESS = 'wilhelmina@example.test';
const FIRST_NAME = 'Wilhelmina';
const ANSWER = 'Certainly with pleasure';
const plain = { _id: 'p1', first_name: 'Ada', phone: '+491701234567' };
const addressed = { _id: ADDRESS, first_name: FIRST_NAME, email: ADDRESS, phone: '+491707654321' };

const CROWD = Array.from({ length: 50 }, (_, i) => ({ ...plain, _id: `c${i}` }));

interface Line {
  readonly app: string;
  readonly msg: string;
  readonly channel?: string;
  readonly trace_id?: string;
  readonly pid: number;
}

/** What was started, to be ended when the tests are over, whatever became of them. */
const ends: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const end of ends.reverse()) await end();
}, 60_000);

async function startCollector(): Promise<OtlpReceiver> {
  const collector = await startOtlpReceiver();
  ends.push(collector.stop);
  return collector;
}

/** The apps on a database of their own; `lines` is what they logged. */
async function startWorld(label: string, env: Readonly<Record<string, string>>) {
  const database = testDatabaseName(label);
  const lines: Line[] = [];
  const store = await connectStore({ uri: testMongoUri(), database, poolSize: 5, maxIdleMs: 30_000, appName: 'test' });
  ends.push(async () => {
    await store.close();
    await dropDatabase(database);
  });
  await migrate(store);
  const system = createTestSystem({
    mongodbUri: testMongoUri(),
    database,
    redisUrl: testRedisUrl(),
    redisPrefix: testRedisPrefix(label),
    env: { INCLUDE_TRACE_ID: 'true', ...env },
    onLine: (line) => lines.push(JSON.parse(line) as Line),
  });
  const worker = system.spawn('worker', 'worker');
  const workers = Number(env['WORKER_THREADS'] ?? 1);
  const [api, scheduler] = await Promise.all([
    system.startApi(),
    system.startScheduler(),
    until(() => lines.filter(({ msg }) => msg === 'The worker takes jobs').length === workers, {
      describe: 'the worker to take jobs',
      timeoutMs: 90_000,
    }),
  ]);
  const processes = [api.process, worker, scheduler];
  return {
    store,
    system,
    api,
    scheduler,
    lines,
    sent: () => lines.filter(({ channel, msg }) => channel === 'log' && !msg.startsWith('Messages wait')),
    stopApps: () => Promise.all(processes.map((process) => process.stop())),
  };
}

type World = Awaited<ReturnType<typeof startWorld>>;

/** Starts a campaign and waits for its first message to everybody. */
async function ask({ store, sent }: World, campaign: string, people: readonly (typeof plain)[]): Promise<void> {
  const before = sent().length;
  await launch(store, twoMessages, draftCampaign(campaign, twoMessages, { channel: 'log' }), people, 1);
  await until(() => sent().length === before + people.length, { describe: 'the questions', timeoutMs: 60_000 });
}

/** Has everybody answer, and waits for the second message; gives the ids of the callers' traces. */
async function answer({ api, sent }: World, campaign: string, people: readonly (typeof plain)[]): Promise<string[]> {
  const before = sent().length;
  const traceIds = [];
  for (const { _id } of people) traceIds.push(await reply(api, `${campaign}/${_id}`));
  await until(() => sent().length === before + people.length, { describe: 'the answers', timeoutMs: 60_000 });
  return traceIds;
}

/** Answers as a caller that traces; gives the id of its trace. */
async function reply(api: Api, conversation_id: string): Promise<string> {
  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  await api.call('POST', '/v1/responses', { conversation_id, text: ANSWER }, { traceparent });
  return traceId;
}

describe('a system whose collector takes traces', () => {
  let collector: OtlpReceiver;
  let world: World;
  let traceIds: string[];
  let crowdIds: string[];

  beforeAll(async () => {
    collector = await startCollector();
    world = await startWorld('traces', {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    await ask(world, 'traced', [plain, addressed]);
    await ask(world, 'crowded', CROWD);
    await world.scheduler.stop(); // whose next poll could be faster than the jobs of the replies
    traceIds = await answer(world, 'traced', [plain, addressed]);
    crowdIds = await Promise.all(CROWD.map(({ _id }) => reply(world.api, `crowded/${_id}`)));
    await world.stopApps(); // what is left is exported
  }, 120_000);

  const named = (name: string) => collector.spans.filter((span) => span.name === name);
  const parentOf = ({ parentSpanId }: ReceivedSpan) => collector.spans.find(({ spanId }) => spanId === parentSpanId);

  it("shows a reply, its step and the next message as one trace, the caller's", () => {
    expect(treeOf(collector.spans, traceIds[0] ?? '')).toEqual([
      'POST /v1/responses',
      '  replies.store',
      '    addBulk conversations',
      '      process conversations',
      '        batch.load',
      '        batch.decide',
      '        batch.commit',
      '        conversation.step',
      '          message.deliver',
      '            log send',
    ]);
  });

  it('says of them what an operator asks', () => {
    const ofReply = (name: string) => named(name).find(({ traceId }) => traceId === traceIds[0]);

    expect(ofReply('POST /v1/responses')).toMatchObject({
      service: 'campaign-manager-api',
      kind: 'server',
      attributes: { 'http.route': '/v1/responses', 'http.response.status_code': 202 },
      failed: false,
    });
    expect(ofReply('addBulk conversations')).toMatchObject({ kind: 'producer' });
    expect(ofReply('process conversations')).toMatchObject({
      service: 'campaign-manager-worker',
      kind: 'consumer',
      attributes: { 'bullmq.job.name': 'advance' },
    });
    expect(ofReply('conversation.step')?.attributes).toMatchObject({
      'campaign.id': 'traced',
      'conversation.id': 'traced/p1',
      'conversation.stage': 'question',
      'decision.outcome': 'committed',
    });
    expect(ofReply('message.deliver')).toMatchObject({
      attributes: { 'message.key': 'traced/p1/answer/1/0/0', 'message.channel': 'log', 'message.status': 'sent' },
      events: ['claimed', 'gate', 'recorded'],
    });
    expect(ofReply('log send')).toMatchObject({ kind: 'client', attributes: { 'message.outcome': 'accepted' } });
  });

  it('shows replies that were written together as a trace that names those of their requests', () => {
    const groups = named('replies.store').filter(({ links }) => links.length > 0);
    const linked = groups.flatMap(({ links }) => links.map(({ traceId }) => traceId));

    expect(groups.length).toBeGreaterThan(0);
    expect(crowdIds).toEqual(expect.arrayContaining(linked));
    for (const { parentSpanId, attributes, links } of groups) {
      expect(parentSpanId).toBe('');
      expect(attributes['replies.count']).toBe(links.length);
    }
  });

  it('gives a batch that came due a trace of its own, and each message of it to its own step', () => {
    const questions = named('message.deliver').filter(({ attributes }) =>
      /^traced\/.*\/question\//.test(`${attributes['message.key']}`),
    );
    const steps = questions.map(parentOf);

    expect(questions.length).toBe(2);
    expect(steps.map((step) => step?.name)).toEqual(['conversation.step', 'conversation.step']);
    expect(steps.map((step) => step?.attributes['conversation.id'])).toEqual(
      questions.map(({ attributes }) => attributes['conversation.id']),
    );
    const [job] = steps.map((step) => step && parentOf(step));
    expect(job).toMatchObject({ name: 'process conversations', parentSpanId: '' });
    expect(traceIds).not.toContain(job?.traceId);
  });

  it('has the same ids in the log', () => {
    expect(world.sent().map(({ trace_id }) => trace_id)).toEqual(expect.arrayContaining(traceIds));
    const requests = world.lines.filter(({ msg }) => msg === 'Request').map(({ trace_id }) => trace_id);
    expect(requests.sort()).toEqual([...traceIds, ...crowdIds].sort());
  });

  it('shows no address, no name and nothing that anybody wrote, even where an id is an address', () => {
    const exported = collector.requests.map(({ body }) => body.toString()).join();

    expect(
      named('conversation.step').some(({ attributes }) => attributes['conversation.id'] === 'traced/[REDACTED]'),
    ).toBe(true);
    const canaries = [ADDRESS, encodeURIComponent(ADDRESS), FIRST_NAME, ANSWER, '17012345', '17076543', 'Good to hear'];
    expect(canaries.filter((canary) => exported.includes(canary))).toEqual([]);
  });

  it('is spared the housekeeping of the queues', () => {
    const names = new Set(collector.spans.map(({ name }) => name.split(' ')[0]));
    expect([...names].sort()).toEqual([
      'POST',
      'addBulk',
      'batch.commit',
      'batch.decide',
      'batch.load',
      'conversation.step',
      'log',
      'message.deliver',
      'process',
      'replies.store',
      'scheduler.poll',
    ]);
  });
});

describe('a worker of two processes', () => {
  it('exports the spans of both', async () => {
    const collector = await startCollector();
    const world = await startWorld('traces_of_two', {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      WORKER_THREADS: '2',
      CAMPAIGN_MAX_BATCH_SIZE: '2',
      OTEL_SERVICE_NAME: 'ours',
    });
    const people = Array.from({ length: 100 }, (_, i) => ({ ...plain, _id: `p${i}` }));
    await ask(world, 'of_two', people);
    await world.stopApps();

    const jobs = collector.spans.filter(({ name }) => name === 'process conversations');
    const senders = new Set(world.sent().map(({ pid }) => pid));
    expect(new Set(jobs.map(({ pid }) => pid))).toEqual(senders);
    expect(senders.size).toBe(2);
    expect(new Set(collector.spans.map(({ service }) => service))).toEqual(new Set(['ours']));
  }, 120_000);
});

describe('without a collector', () => {
  it('nothing is exported that nobody asked for, and the log has trace ids all the same', async () => {
    const collector = await startCollector();
    const world = await startWorld('traces_off', {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_EXPORTER: 'none',
    });
    await ask(world, 'untraced', [plain]);
    await answer(world, 'untraced', [plain]);
    await world.stopApps();

    expect(collector.requests).toEqual([]);
    expect(world.sent().map(({ trace_id }) => trace_id)).toEqual(
      Array(2).fill(expect.stringMatching(/^[0-9a-f]{32}$/)),
    );
  }, 120_000);

  it('one that refuses connections is warned of once by each app, and hinders nothing', async () => {
    const world = await startWorld('traces_refused', {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
    });
    const warnings = () => world.lines.filter(({ msg }) => msg.startsWith('Traces cannot be exported'));
    const apps = () =>
      warnings()
        .map(({ app }) => app)
        .sort();
    await ask(world, 'first', [plain]);
    await answer(world, 'first', [plain]);
    await until(() => warnings().length >= 3, { describe: 'the warnings', timeoutMs: 30_000 });
    await ask(world, 'second', [plain]);
    await answer(world, 'second', [plain]);

    expect(await world.stopApps()).toEqual(Array(3).fill({ code: 0, signal: null }));
    expect(apps()).toEqual(['api', 'scheduler', 'worker']);
  }, 120_000);

  it('one that never answers keeps no app from its end', async () => {
    const silent = createServer(() => {})
      .listen(0, '127.0.0.1')
      .unref();
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const world = await startWorld('traces_silent', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    await ask(world, 'silent', [plain]);
    await answer(world, 'silent', [plain]);

    expect(await world.stopApps()).toEqual(Array(3).fill({ code: 0, signal: null }));
  }, 120_000);
});

it('spans are written as protobuf where nothing else is said', async () => {
  const collector = await startCollector();
  const world = await startWorld('traces_protobuf', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await ask(world, 'protobuf', [plain]);
  await answer(world, 'protobuf', [plain]);
  await world.stopApps();

  expect(new Set(collector.requests.map(({ path, type }) => `${path} ${type}`))).toEqual(
    new Set(['/v1/traces application/x-protobuf']),
  );
  const exported = Buffer.concat(collector.requests.map(({ body }) => body)).toString('latin1');
  for (const name of ['campaign-manager-api', 'campaign-manager-worker', 'conversation.step', 'log send']) {
    expect(exported).toContain(name);
  }
}, 120_000);
