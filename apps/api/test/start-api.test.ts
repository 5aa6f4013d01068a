import { type Config, createLogger, createMetrics, loadConfig } from '@campaign-manager/runtime';
import {
  dropDatabase,
  dropKeys,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
} from '@campaign-manager/testkit';
import { migratedStore } from '../../../tests/support/store.js';
import { startApi } from '../src/start-api.js';

const KEY = 'the-first-key-of-this-installation';

describe('startApi', () => {
  const database = testDatabaseName('api_start');
  const redisPrefix = testRedisPrefix('api_start');
  afterAll(async () => {
    await dropDatabase(database);
    await dropKeys(redisPrefix);
  });

  it('stores the bootstrap key with every scope, listens, and starts again on the same data', async () => {
    const env = {
      MONGODB_URI: testMongoUri(),
      MONGODB_DATABASE: database,
      REDIS_URL: testRedisUrl(),
      API_HOST: '127.0.0.1',
      API_PORT: '0',
      API_BOOTSTRAP_KEY: KEY,
    };
    const config: Config = { ...loadConfig(env), redisPrefix };
    await (await migratedStore(database)).close();
    const lines: string[] = [];
    const logger = createLogger(config, { app: 'api', stream: { write: (line) => lines.push(line) } });

    for (const _ of ['first', 'second']) {
      const api = await startApi(config, logger, createMetrics(config));
      const answer = await fetch(`${api.url}/v1/campaigns`, { headers: { authorization: `Bearer ${KEY}` } });

      expect([answer.status, await answer.json()]).toEqual([200, { items: [], next: null }]);
      expect(await api.store.apiKeys.find().lean()).toEqual([
        expect.objectContaining({ name: 'bootstrap', scopes: ['read', 'write', 'respond', 'operate'] }),
      ]);
      await api.stop();
      await expect(fetch(api.url)).rejects.toThrow();
    }
    expect(lines.join('')).not.toContain(KEY);

    const renewed = await startApi({ ...config, apiBootstrapKey: `${KEY}-renewed` }, logger, createMetrics(config));
    const statusWith = async (key: string) =>
      (await fetch(`${renewed.url}/v1/campaigns`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect([await statusWith(`${KEY}-renewed`), await statusWith(KEY)]).toEqual([200, 401]);
    await renewed.stop();
  });
});
