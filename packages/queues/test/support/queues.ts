import { dropKeys, testRedisPrefix, testRedisUrl } from '@campaign-manager/testkit';
import {
  type Consumer,
  createProducers,
  type Producers,
  producerConnection,
  type RedisClient,
  workerConnection,
} from '../../src/index.js';

export interface TestQueues {
  readonly prefix: string;
  readonly producers: Producers;
  /** Another producer under the same prefix, such as another scheduler has; closed with the rest. */
  produce(): Promise<Producers>;
  /** A connection for a consumer. */
  connection(): RedisClient;
  /** A consumer that is closed with the rest, also when the test fails. */
  keep<C extends Consumer>(consumer: C): C;
  /** Runs before the rest is closed, also when the test fails; the latest first. */
  defer(step: () => Promise<unknown>): void;
  close(): Promise<void>;
}

/** Queues of the test file's own, on the real Redis of this run or on the one that is given. */
export async function openTestQueues(label: string, url = testRedisUrl()): Promise<TestQueues> {
  const prefix = testRedisPrefix(label);
  const opened: Producers[] = [];
  const deferred: (() => Promise<unknown>)[] = [];
  const produce = async (): Promise<Producers> => {
    const redis = producerConnection(url);
    await redis.connect();
    const producers = createProducers(redis, prefix);
    opened.push(producers);
    return producers;
  };
  return {
    prefix,
    producers: await produce(),
    produce,
    connection: () => workerConnection(url),
    keep: (consumer) => {
      deferred.push(() => consumer.close());
      return consumer;
    },
    defer: (step) => deferred.push(step),
    close: async () => {
      for (const step of deferred.reverse()) await step();
      await Promise.all(opened.map((producers) => producers.close()));
      if (url === testRedisUrl()) await dropKeys(prefix);
    },
  };
}
