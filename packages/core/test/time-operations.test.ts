import { dropDatabase, testDatabaseName, testMongoUri } from '@campaign-manager/testkit';
import {
  commitDecisions,
  connectStore,
  findDue,
  insertCampaign,
  loadCampaign,
  type Store,
  startCampaign,
} from '../src/store/index.js';
import { campaignOf } from './support/documents.js';

interface Told {
  readonly command: string;
  readonly seconds: number;
  readonly failed: boolean;
}

const database = testDatabaseName('timed');
let told: Told[] = [];
let store: Store;

beforeAll(async () => {
  store = await connectStore({
    uri: testMongoUri(),
    database,
    poolSize: 2,
    maxIdleMs: 30_000,
    appName: 'timed',
    onOperation: (command, seconds, failed) => told.push({ command, seconds, failed }),
  });
});

beforeEach(() => {
  told = [];
});

afterAll(async () => {
  await store.close();
  await dropDatabase(database);
});

const commands = () => told.map(({ command, failed }) => (failed ? `${command} failed` : command));

it('every operation of the store is told by the name that MongoDB has for it, with the time it took', async () => {
  const campaign = campaignOf('c', { status: 'scheduled' });
  await insertCampaign(store, campaign);
  await loadCampaign(store, 'c');
  await startCampaign(store, campaign, 1);
  await findDue(store, 'c', 1, 10);
  await commitDecisions(store, [], 'fence');
  expect(commands()).toEqual(['insert', 'find', 'findAndModify', 'find']);
  expect(told.every(({ seconds }) => seconds > 0 && seconds < 30)).toBe(true);
});

it('an id that is taken is an answer, not a failure', async () => {
  await expect(insertCampaign(store, campaignOf('c'))).rejects.toThrow(/exists already/);
  expect(commands()).toEqual(['insert']);
});

it('an operation that fails is told as failed, and its caller still learns why', async () => {
  const other = await connectStore({
    uri: testMongoUri(),
    database,
    poolSize: 1,
    maxIdleMs: 30_000,
    appName: 'timed',
    onOperation: (command, seconds, failed) => told.push({ command, seconds, failed }),
  });
  await other.close();
  await expect(findDue(other, 'c', 1, 10)).rejects.toThrow();
  expect(commands()).toEqual(['find failed']);
});
