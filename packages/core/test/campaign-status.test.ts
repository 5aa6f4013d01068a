import type { CampaignStatus } from '../src/schemas/index.js';
import {
  campaignTime,
  cancelCampaign,
  completeCampaign,
  endCancelledCampaign,
  insertCampaign,
  launchCampaign,
  liveCampaigns,
  loadCampaign,
  pauseCampaign,
  reopenClosing,
  resumeCampaign,
  type Store,
  startCampaign,
  wallTime,
} from '../src/store/index.js';
import { addCampaign, campaignOf } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('status');
  store = test.store;
});

afterEach(() => store.campaigns.deleteMany({}));
afterAll(() => test.close());

const PINS = { template_version: 3, delay_factor: 0.5 };
const launch = (id: string) => launchCampaign(store, id, PINS, 5000);
const pause = (id: string) => pauseCampaign(store, id, 5000);
const resume = (id: string) => resumeCampaign(store, id, 5000);
const cancel = (id: string) => cancelCampaign(store, id);

const verbs = { launch, pause, resume, cancel };
const allowed: Readonly<Record<keyof typeof verbs, Partial<Record<CampaignStatus, CampaignStatus>>>> = {
  launch: { draft: 'running' },
  pause: { running: 'paused' },
  resume: { paused: 'running' },
  cancel: { draft: 'cancelled', scheduled: 'cancelled', running: 'cancelled', paused: 'cancelled' },
};
const statuses = ['draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled'] as const;
const table = (Object.keys(verbs) as (keyof typeof verbs)[]).flatMap((verb) =>
  statuses.map((from) => [verb, from, allowed[verb][from] ?? 'refused'] as const),
);

it.each(table)('%s a campaign that is %s: %s', async (verb, from, expected) => {
  const before = await addCampaign(store, 'c', { status: from });
  if (expected === 'refused') {
    await expect(verbs[verb]('c')).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining(from),
    });
    expect(await loadCampaign(store, 'c')).toEqual(before);
  } else {
    expect(await verbs[verb]('c')).toMatchObject({ status: expected, revision: 2 });
    expect(await loadCampaign(store, 'c')).toMatchObject({ status: expected, revision: 2 });
  }
});

it('names the campaign that is not there', async () => {
  await expect(pause('none')).rejects.toMatchObject({ name: 'NotFoundError', kind: 'campaign', id: 'none' });
});

it('an id is taken once', async () => {
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => insertCampaign(store, campaignOf('c'))));
  const refused = tries.filter((one) => one.status === 'rejected');
  expect(refused).toHaveLength(9);
  for (const { reason } of refused) expect(reason).toMatchObject({ name: 'ConflictError' });
});

describe('launching', () => {
  it.each([
    ['without a start', null, 'running'],
    ['whose start has come', 5000, 'running'],
    ['whose start is ahead', 5001, 'scheduled'],
  ] as const)('a campaign %s (%s): %s', async (_, start_at, status) => {
    await addCampaign(store, 'c', { status: 'draft', start_at, started_at: null, template_version: null });
    expect(await launch('c')).toMatchObject({ ...PINS, status, started_at: status === 'running' ? 5000 : null });
  });

  it.each([
    ['waits for an import that is under way', 5001, false],
    ['does not wait for an import whose lease ran out', 5000, true],
  ] as const)('%s', async (_, until, launched) => {
    await addCampaign(store, 'c', { status: 'draft', open_imports: [{ id: 'i', until }] });
    if (launched) expect(await launch('c')).toMatchObject({ status: 'running' });
    else await expect(launch('c')).rejects.toMatchObject({ name: 'ConflictError' });
  });

  it('by many at once launches once', async () => {
    await addCampaign(store, 'c', { status: 'draft' });
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => launch('c')));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await loadCampaign(store, 'c')).toMatchObject({ revision: 2 });
  });

  it('by many schedulers at once starts a scheduled campaign once', async () => {
    const seen = await addCampaign(store, 'c', { status: 'scheduled', started_at: null });
    const tries = await Promise.all(Array.from({ length: 10 }, (_, i) => startCampaign(store, seen, 5000 + i)));
    expect(tries.filter((one) => one !== null)).toHaveLength(1);
  });

  it('a start that lost against a cancellation changes nothing', async () => {
    const seen = await addCampaign(store, 'c', { status: 'scheduled', started_at: null });
    await cancel('c');
    expect(await startCampaign(store, seen, 5000)).toBeNull();
    expect(await loadCampaign(store, 'c')).toMatchObject({ status: 'cancelled', started_at: null });
  });
});

describe('the clock of a campaign', () => {
  it('stands still while it is paused, and goes on where it stopped', async () => {
    const running = await addCampaign(store, 'c');
    expect(campaignTime(running, 7000)).toBe(7000);

    const paused = await pauseCampaign(store, 'c', 8000);
    expect([campaignTime(paused, 8000), campaignTime(paused, 99_000)]).toEqual([8000, 8000]);

    const resumed = await resumeCampaign(store, 'c', 10_000);
    expect([campaignTime(resumed, 10_000), campaignTime(resumed, 10_500)]).toEqual([8000, 8500]);
    expect(wallTime(resumed, 8500)).toBe(10_500);

    await pauseCampaign(store, 'c', 11_000);
    const again = await resumeCampaign(store, 'c', 11_300);
    expect(again).toMatchObject({ paused_ms: 2300, paused_at: null });
    expect(campaignTime(again, 11_300)).toBe(9000);
  });

  it('never runs backwards, even when the server’s clock does', async () => {
    await addCampaign(store, 'c');
    await pauseCampaign(store, 'c', 8000);
    expect(await resumeCampaign(store, 'c', 7000)).toMatchObject({ paused_ms: 0 });
  });

  it('is written in one document, whatever the number of those who resume', async () => {
    await addCampaign(store, 'c');
    await pauseCampaign(store, 'c', 8000);
    await Promise.allSettled(Array.from({ length: 10 }, () => resumeCampaign(store, 'c', 9000)));
    expect(await loadCampaign(store, 'c')).toMatchObject({ paused_ms: 1000, revision: 3 });
  });
});

describe('closing', () => {
  it('needs the scheduler as long as a campaign runs or will, or is cancelled and not closed', async () => {
    for (const status of statuses) {
      await addCampaign(store, `open-${status}`, { status });
      await addCampaign(store, `ended-${status}`, { status, ended_at: 1 });
    }
    expect((await liveCampaigns(store)).map(({ _id }) => _id)).toEqual([
      'open-cancelled',
      'open-paused',
      'open-running',
      'open-scheduled',
    ]);
  });

  it('loses against whatever changed the campaign since it was looked at', async () => {
    const seen = await addCampaign(store, 'c');
    await pause('c');
    expect(await completeCampaign(store, seen, 'finished', 6000)).toBeNull();
    expect(await loadCampaign(store, 'c')).toMatchObject({ status: 'paused', ended_at: null });
  });

  it('is undone for a conversation that appeared after it', async () => {
    const cancelled = await addCampaign(store, 'c', { status: 'cancelled' });
    await endCancelledCampaign(store, cancelled, 6000);
    await reopenClosing(store, 'c');
    expect(await loadCampaign(store, 'c')).toMatchObject({ ended_at: null });
  });

  it('by somebody who looked before the conversation appeared does not count', async () => {
    const looked = await addCampaign(store, 'c', { status: 'cancelled' });
    await reopenClosing(store, 'c');
    expect(await endCancelledCampaign(store, looked, 6000)).toBeNull();
  });

  it('is undone also when it happens at the same moment', async () => {
    for (let round = 0; round < 40; round += 1) {
      const looked = await addCampaign(store, `race${round}`, { status: 'cancelled' });
      await Promise.all([reopenClosing(store, looked._id), endCancelledCampaign(store, looked, 6000)]);
      expect(await loadCampaign(store, looked._id)).toMatchObject({ ended_at: null });
    }
  });

  it.each(['draft', 'running', 'paused', 'completed'] as const)(
    'is not undone for a campaign that is %s',
    async (status) => {
      const before = await addCampaign(store, 'c', { status, ended_at: 7 });
      await reopenClosing(store, 'c');
      expect(await loadCampaign(store, 'c')).toEqual(before);
    },
  );
});
