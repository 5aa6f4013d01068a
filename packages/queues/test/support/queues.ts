import { dropKeys, testRedisPrefix, testRedisUrl } from '@campaign-manager/testkit';
import type { Redis } from 'ioredis';
import {
  type Consumer,
  createProducers,
  type Producers,
  producerConnection,
  workerConnection,
} from '../../src/index.js';

export interface TestQueues {
  readonly prefix: string;
  readonly producers: Producers;
  /** Another producer under the same prefix, such as another scheduler has; closed with the rest. */
  produce(): Promise<Producers>;
  /** A connection for a consumer. */
  connection(): Redis;
  /** Closes a consumer at the end of the test, if the test did not. */
  keep<C extends Consumer>(consumer: C): C;
  closeConsumers(): Promise<void>;
  close(): Promise<void>;
}

/** Queues of the test file's own, on the real Redis of this run or on the one that is given. */
export async function openTestQueues(label: string, url = testRedisUrl()): Promise<TestQueues> {
  const prefix = testRedisPrefix(label);
  const opened: Producers[] = [];
  const consumers = new Set<Consumer>();
  const produce = async (): Promise<Producers> => {
    const redis = producerConnection(url);
    await redis.connect();
    const producers = createProducers(redis, prefix);
    opened.push(producers);
    return producers;
  };
  const closeConsumers = async () => {
    await Promise.all([...consumers].map((consumer) => consumer.close()));
    consumers.clear();
  };
  return {
    prefix,
    producers: await produce(),
    produce,
    connection: () => workerConnection(url),
    keep: (consumer) => {
      consumers.add(consumer);
      return consumer;
    },
    closeConsumers,
    close: async () => {
      await closeConsumers();
      await Promise.all(opened.map((producers) => producers.close()));
      if (url === testRedisUrl()) await dropKeys(prefix);
    },
  };
}
