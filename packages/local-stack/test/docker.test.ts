import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { firstWorking } from '../src/first-working.js';
import { mongoSources } from '../src/mongo.js';
import { redisSources } from '../src/redis.js';
import { redisAnswers } from '../src/redis-answers.js';
import { askDocker } from '../src/sources/docker.js';
import { machine } from '../src/tools.js';

/** Jest chooses tests before it runs anything asynchronous, so a process of its own asks. */
const ask = "import { getContainerRuntimeClient } from 'testcontainers'; await getContainerRuntimeClient();";
const engineAnswers =
  spawnSync(process.execPath, ['--input-type=module', '-e', ask], { cwd: __dirname, timeout: 20_000 }).status === 0;
if (!engineAnswers) {
  process.stderr.write('SKIPPED: the tests of containers in packages/local-stack; no Docker engine answers here.\n');
}
const withDocker = engineAnswers ? it : it.skip;
const note = engineAnswers ? '' : ' (SKIPPED: no Docker engine answers here)';

it('finds out soon whether a Docker engine answers', async () => {
  const since = performance.now();
  const answer = await askDocker();

  expect(answer === 'answers').toBe(engineAnswers);
  expect(performance.now() - since).toBeLessThan(20_000);
});

withDocker(
  `starts MongoDB in Docker and keeps its data in the data folder${note}`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'docker-test-'));
    const startInDocker = async () =>
      firstWorking('MongoDB', 'MONGODB_URI', (await mongoSources({ dataDir, replicaSet: true }, machine)).slice(0, 1));
    const collection = (client: MongoClient) => client.db('x').collection<{ _id: string }>('y');

    const first = await startInDocker();
    const writer = new MongoClient(first.uri);
    await collection(writer).insertOne({ _id: 'kept' });
    await writer.close();
    await first.stop();
    const second = await startInDocker();
    const reader = new MongoClient(second.uri);
    const found = await collection(reader).find().toArray();
    await reader.close();
    await second.stop();
    await rm(dataDir, { recursive: true });

    expect(first.source).toContain('Docker');
    expect(found).toEqual([{ _id: 'kept' }]);
  },
  300_000,
);

withDocker(
  `starts Redis in Docker${note}`,
  async () => {
    const [docker] = await redisSources({}, machine);
    const service = await firstWorking('Redis', 'REDIS_URL', docker === undefined ? [] : [docker]);
    const answers = await redisAnswers(Number(new URL(service.uri).port));
    await service.stop();

    expect(service.source).toContain('Docker');
    expect(answers).toBe(true);
  },
  300_000,
);
