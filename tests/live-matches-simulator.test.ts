import type { Scenario } from '@campaign-manager/core/schemas';
import { type SimulatedEvent, simulateScenario } from '@campaign-manager/core/simulator';
import { type Mailbox, startMailbox } from '@campaign-manager/local-stack';
import {
  type Api,
  createTestSystem,
  dropDatabase,
  type RunningProcess,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
  until,
} from '@campaign-manager/testkit';
import { FACTOR, randomScenario } from './support/random-scenario.js';
import { migratedStore } from './support/store.js';

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);
const RECIPIENTS = 5;
const MS_PER_HOUR = 3_600_000;

describe('the live system and the simulator', () => {
  const database = testDatabaseName('live_matches');
  const processes: RunningProcess[] = [];
  let mailbox: Mailbox;
  let api: Api;

  beforeAll(async () => {
    mailbox = await startMailbox({});
    const system = createTestSystem({
      mongodbUri: testMongoUri(),
      database,
      redisUrl: testRedisUrl(),
      redisPrefix: testRedisPrefix('live_matches'),
      env: { SMTP_URL: mailbox.uri, CAMPAIGN_STAGE_DELAY_FACTOR: String(FACTOR) },
    });
    await (await migratedStore(database)).close();
    api = await system.startApi();
    processes.push(api.process, ...(await Promise.all([system.startWorker(), system.startScheduler()])));
  }, 60_000);

  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await mailbox.stop();
    await dropDatabase(database);
  }, 60_000);

  it('tell the same story of every recipient in 12 random scenarios', async () => {
    const scenarios = SEEDS.map((seed) => randomScenario(seed, RECIPIENTS));
    expect(scenarios.flatMap(({ responses }) => responses ?? []).length).toBeGreaterThan(SEEDS.length);
    await Promise.all(scenarios.map((scenario) => play(api, scenario)));
    const stories = await Promise.all(
      scenarios.map(async (scenario) => ({
        seed: scenario.campaign._id,
        live: await liveStories(api, scenario),
        simulated: simulatedStories(scenario),
      })),
    );
    for (const { live, simulated } of stories) expect(live).toEqual(simulated);
  }, 180_000);
});

/** Runs a scenario for real: launches it through the api and answers when the scenario says. */
async function play(api: Api, { template, campaign, recipients, responses = [] }: Scenario): Promise<void> {
  await api.call('POST', '/v1/templates', template);
  await api.call('POST', '/v1/recipients', recipients);
  await api.call('POST', '/v1/campaigns', { ...campaign, recipients: recipients.map(({ _id }) => _id) });
  const launched = await api.call<{ campaign: { started_at: number } }>(
    'POST',
    `/v1/campaigns/${campaign._id}/launch`,
    {},
  );
  const { started_at } = launched.campaign;
  await Promise.all(
    responses.map(async ({ recipient, at_hours, ...answer }, i) => {
      const dueAt = started_at + at_hours * MS_PER_HOUR;
      await new Promise((resolve) => setTimeout(resolve, dueAt - Date.now())); // the scenario's time is real time here
      await api.call('POST', '/v1/responses', {
        id: `${campaign._id}.${i}`,
        campaign_id: campaign._id,
        recipient_id: recipient,
        ...answer,
      });
    }),
  );
  await until(
    async () => (await api.call<{ status: string }>('GET', `/v1/campaigns/${campaign._id}`)).status === 'completed',
    {
      timeoutMs: 90_000,
      describe: `campaign ${campaign._id} to be completed`,
    },
  );
}

type Stories = Readonly<Record<string, readonly string[]>>;

interface LiveEvent {
  readonly type: string;
  readonly stage: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

async function liveStories(api: Api, { campaign, recipients }: Scenario): Promise<Stories> {
  const stories = recipients.map(async ({ _id }) => {
    const id = encodeURIComponent(`${campaign._id}/${_id}`);
    const { timeline } = await api.call<{ timeline: readonly LiveEvent[] }>('GET', `/v1/conversations/${id}`);
    return [_id, timeline.flatMap(liveLine)] as const;
  });
  return Object.fromEntries(await Promise.all(stories));
}

function liveLine({ type, stage, detail = {} }: LiveEvent): string[] {
  switch (type) {
    case 'entered':
      return [`${stage}: entered`];
    case 'sent':
      return [`${stage}: sent ${detail['index']}/${detail['ordinal']}`];
    case 'response':
      return [`${stage}: response`];
    case 'escalated':
      return [`${stage}: escalated ${detail['action']}`];
    case 'advanced':
      return [`${stage}: advanced to ${detail['to_stage']}`];
    case 'completed':
      return [`${stage}: completed ${detail['result']}`];
    default:
      return [];
  }
}

function simulatedStories(scenario: Scenario): Stories {
  const events = simulateScenario(scenario);
  const story = (id: string) => events.filter(({ recipient }) => recipient === id).map(simulatedLine);
  return Object.fromEntries(scenario.recipients.map(({ _id }) => [_id, story(_id)]));
}

function simulatedLine(event: SimulatedEvent): string {
  switch (event.event) {
    case 'sent':
      return `${event.stage}: sent ${event.message_index}/${event.follow_up}`;
    case 'escalated':
      return `${event.stage}: escalated ${event.action}`;
    case 'advanced':
      return `${event.stage}: advanced to ${event.to_stage}`;
    case 'completed':
      return `${event.stage}: completed ${event.result}`;
    default:
      return `${event.stage}: ${event.event}`;
  }
}
