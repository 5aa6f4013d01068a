import { Redis } from 'ioredis';
import { createConnection } from 'mongoose';
import {
  dropDatabase,
  dropKeys,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
} from '../src/services.js';

describe('the services of a test run', () => {
  it('offer databases that nobody else has, and drop them', async () => {
    const [mine, other] = [testDatabaseName('mine, of course'), testDatabaseName('mine, of course')];
    const connection = await createConnection(testMongoUri(), { dbName: mine }).asPromise();
    const rows = connection.collection('rows');
    await rows.insertOne({ a: 1 });

    await dropDatabase(other);
    expect(await rows.countDocuments()).toBe(1);
    await dropDatabase(mine);
    expect(await rows.countDocuments()).toBe(0);
    await connection.close();
  });

  it('offer prefixes that nobody else has, and drop their keys', async () => {
    const [mine, other] = [testRedisPrefix('mine'), testRedisPrefix('mine')];
    const redis = new Redis(testRedisUrl());
    await redis.mset(`${mine}:a`, 1, `${mine}:b`, 2, `${other}:a`, 3);

    await dropKeys(mine);

    expect(await redis.mget(`${mine}:a`, `${mine}:b`, `${other}:a`)).toEqual([null, null, '3']);
    await dropKeys(other);
    redis.disconnect();
  });
});
