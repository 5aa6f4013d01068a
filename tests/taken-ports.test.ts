import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import {
  type AppName,
  createTestSystem,
  dropDatabase,
  dropKeys,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
} from '@campaign-manager/testkit';
import { migratedStore } from './support/store.js';

const database = testDatabaseName('taken_ports');
const redisPrefix = testRedisPrefix('taken_ports');
let other: Server;
let port: string;

beforeAll(async () => {
  await (await migratedStore(database)).close();
  other = createServer().listen(0);
  await once(other, 'listening');
  port = String((other.address() as AddressInfo).port);
});

afterAll(async () => {
  other.close();
  await dropDatabase(database);
  await dropKeys(redisPrefix);
});

const inbound = { INBOUND_DOMAIN: 'in.example.test', LINK_SECRET: 'a-secret-of-these-tests-of-some-length' };

describe('an app whose port is taken', () => {
  it.each<[AppName, string, Readonly<Record<string, string>>]>([
    ['scheduler', 'METRICS_PORT', {}],
    ['worker', 'METRICS_PORT', {}],
    ['worker', 'METRICS_PORT', { WORKER_THREADS: '2' }],
    ['api', 'METRICS_PORT', {}],
    ['api', 'API_PORT', {}],
    ['api', 'INBOUND_SMTP_PORT', inbound],
  ])('(%s, %s, %j) says so in one line and exits as on any wrong setting', async (app, variable, more) => {
    const system = createTestSystem({
      mongodbUri: testMongoUri(),
      database,
      redisUrl: testRedisUrl(),
      redisPrefix,
      env: { API_PORT: '0', LOG_LEVEL: 'WARN', ...more, [variable]: port },
    });

    const process = system.spawn(app, app);

    expect(await process.exited).toEqual({ code: 78, signal: null });
    expect(process.lines()).toEqual([
      `${app}: ${variable} is "${port}", but another process listens there: end it, or choose another port.`,
    ]);
  });
});
