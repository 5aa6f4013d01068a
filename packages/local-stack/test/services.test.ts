import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { LocalService } from '../src/local-service.js';
import { startMongo } from '../src/mongo.js';
import { startRedis } from '../src/redis.js';

let folder: string;
const running: LocalService[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-stack-test-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.stop()));
  await rm(folder, { recursive: true });
});

async function started(starting: Promise<LocalService>): Promise<LocalService> {
  const service = await starting;
  running.push(service);
  return service;
}

/** One inline command to Redis; its raw answer. */
async function redis({ uri }: LocalService, command: string): Promise<string> {
  const socket = connect(Number(new URL(uri).port), '127.0.0.1');
  socket.write(`${command}\r\n`);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer);
}

async function mongo<T>({ uri }: LocalService, use: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

describe('startMongo', () => {
  it('says what it took, and leaves nothing running after stop', async () => {
    const service = await startMongo();
    await mongo(service, (client) => client.db('x').collection('y').insertOne({ a: 1 }));
    await service.stop();

    expect(service.source).toMatch(/^MongoDB: .+\.$/);
    await expect(
      mongo({ ...service, uri: `${service.uri}&serverSelectionTimeoutMS=500` }, (client) => client.db().stats()),
    ).rejects.toThrow('ECONNREFUSED');
  });

  it('keeps the data of a data folder from one start to the next', async () => {
    const dataDir = join(folder, 'mongo');
    const first = await startMongo({ dataDir });
    await mongo(first, (client) => client.db('x').collection<{ _id: string }>('y').insertOne({ _id: 'kept' }));
    await first.stop();

    const second = await started(startMongo({ dataDir }));

    expect(await mongo(second, (client) => client.db('x').collection('y').find().toArray())).toEqual([{ _id: 'kept' }]);
  });

  it('gives a replica set of one, also when it comes back on another port', async () => {
    const dataDir = join(folder, 'replica-set');
    const inTransaction = (service: LocalService, _id: string) =>
      mongo(service, (client) =>
        client.withSession((session) =>
          session.withTransaction(() =>
            client.db('x').collection<{ _id: string }>('y').insertOne({ _id }, { session }),
          ),
        ),
      );
    const first = await startMongo({ dataDir, replicaSet: true });
    await inTransaction(first, 'one');
    await first.stop();

    const second = await started(startMongo({ dataDir, replicaSet: true }));
    await inTransaction(second, 'two');

    expect(second.uri).not.toBe(first.uri);
    expect(await mongo(second, (client) => client.db('x').collection('y').countDocuments())).toBe(2);
  });

  it('takes the address that it is given without touching it, and hides its password', async () => {
    const uri = 'mongodb://user:secret@one.example:27017,two.example:27017/?replicaSet=rs0';
    const service = await startMongo({ uri });

    expect(service.uri).toBe(uri);
    expect(service.source).toContain('one.example');
    expect(service.source).not.toMatch(/user|secret/);
    await service.stop();
  });
});

describe('startRedis', () => {
  it('never evicts, and writes nothing to the disk without a data folder', async () => {
    const service = await started(startRedis());

    expect(service.source).toMatch(/^Redis: .+\.$/);
    expect(await redis(service, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
    expect(await redis(service, 'CONFIG GET appendonly')).toMatch(/\$2\r\nno\r\n$/);
    expect(await redis(service, 'CONFIG GET save')).toMatch(/\$0\r\n\r\n$/);
  });

  it('keeps the data of a data folder from one start to the next', async () => {
    const dataDir = join(folder, 'redis');
    const first = await startRedis({ dataDir });
    await redis(first, 'SET kept yes');
    await first.stop();

    const second = await started(startRedis({ dataDir }));

    expect(await redis(second, 'GET kept')).toContain('yes');
  });

  it('says that the port it was told to use is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    await expect(startRedis({ port })).rejects.toThrow('EADDRINUSE');
    other.close();
  });
});
