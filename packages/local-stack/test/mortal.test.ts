import { once } from 'node:events';
import { connect } from 'node:net';
import { MongoClient } from 'mongodb';
import { type MortalService, startMortalMongo, startMortalRedis } from '../src/mortal.js';
import { type ReplicaSet, startReplicaSet } from '../src/replica-set-of-three.js';

const ending: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of ending.splice(0).reverse()) await one.stop();
}, 60_000);

function ended<T extends { stop(): Promise<unknown> }>(one: T): T {
  ending.push(one);
  return one;
}

async function documents(uri: string) {
  const client = new MongoClient(uri, { writeConcern: { w: 'majority', journal: true } });
  ended({ stop: () => client.close() });
  return client.db('x').collection<{ _id: string }>('y');
}

/** One inline command to Redis; its raw answer. */
async function redis({ port }: MortalService, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${command}\r\n`);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return String(answer);
}

it('a MongoDB that was killed comes back under its address with all that it had acknowledged', async () => {
  const mongo = ended(await startMortalMongo());
  const collection = await documents(mongo.uri);
  await collection.insertOne({ _id: 'kept' });

  await mongo.kill();
  await expect(
    new MongoClient(mongo.uri, { serverSelectionTimeoutMS: 300 }).db('x').collection('y').findOne(),
  ).rejects.toThrow();
  await mongo.revive();

  expect(await collection.find().toArray()).toEqual([{ _id: 'kept' }]);
}, 60_000);

it('a Redis that was killed comes back under its address, empty', async () => {
  const server = ended(await startMortalRedis());
  expect(await redis(server, 'SET x 1')).toContain('OK');

  await server.kill();
  await expect(redis(server, 'PING')).rejects.toThrow('ECONNREFUSED');
  await server.revive();
  await server.revive();

  expect(await redis(server, 'GET x')).toBe('$-1\r\n');
});

it('a replica set keeps what a majority had when its primary steps down, or is killed', async () => {
  const set: ReplicaSet = ended(await startReplicaSet());
  const collection = await documents(set.uri);
  await collection.insertOne({ _id: 'one' });

  await set.stepDown();
  await collection.insertOne({ _id: 'two' });
  const revive = await set.killPrimary();
  await collection.insertOne({ _id: 'three' });
  await revive();

  expect((await collection.find().toArray()).map(({ _id }) => _id).sort()).toEqual(['one', 'three', 'two']);
}, 120_000);
