import { until } from '@campaign-manager/testkit';
import { consume, type Jobs, QUEUES, type QueueName, RETRIES } from '../src/index.js';
import { openTestQueues, type TestQueues } from './support/queues.js';

/** Jobs as they were in the first version: one of each with what was required, one with everything. Never edit one. */
const RECORDED = {
  campaigns: {
    initialize: [
      { campaign_id: 'c', cursor: '' },
      { campaign_id: 'c', cursor: 'c/r9', trace_id: 't' },
    ],
    close: [{ campaign_id: 'c' }, { campaign_id: 'c', trace_id: 't' }],
  },
  conversations: {
    'advance-batch': [
      { campaign_id: 'c', conversation_ids: ['c/r1', 'c/r2'] },
      { campaign_id: 'c', conversation_ids: ['c/r1'], open_batch: 'b', trace_id: 't' },
    ],
    advance: [{ conversation_id: 'c/r1' }, { conversation_id: 'c/r1', suspect: true, trace_id: 't' }],
  },
  messages: { retry: [{ key: 'c/r1/s/1/0/0' }, { key: 'c/r1/s/1/0/0', trace_id: 't' }] },
  notifications: { escalate: [{ escalation_id: 'c/r1/s/1' }, { escalation_id: 'c/r1/s/1', trace_id: 't' }] },
} as const satisfies { readonly [Q in QueueName]: { readonly [N in keyof Jobs[Q]]: readonly Jobs[Q][N][] } };

let test: TestQueues;

beforeAll(async () => {
  test = await openTestQueues('catalog');
});

afterAll(() => test.close());

it('queues keep their names: jobs outlive deployments', () => {
  expect([...QUEUES]).toEqual(['campaigns', 'conversations', 'messages', 'notifications']);
  expect(Object.keys(RETRIES)).toEqual([...QUEUES]);
});

it.each(QUEUES)('recorded jobs of %s reach their handlers as they were written', async (queue) => {
  const recorded: Readonly<Record<string, readonly object[]>> = RECORDED[queue];
  const seen: Record<string, unknown[]> = {};
  const handlers = Object.fromEntries(
    Object.keys(recorded).map((name) => [
      name,
      async ({ payload }: { readonly payload: unknown }) => {
        seen[name] = [...(seen[name] ?? []), payload];
      },
    ]),
  );
  for (const [name, payloads] of Object.entries(recorded)) {
    for (const payload of payloads) await test.producers.queues[queue].add(name, payload);
  }
  test.keep(
    consume(queue, handlers as never, {
      connection: test.connection(),
      prefix: test.prefix,
      concurrency: 1,
      retryDelayMs: 1,
      onError: (error) => {
        throw error;
      },
    }),
  );

  await until(() => Object.values(seen).flat().length === Object.values(recorded).flat().length, {
    describe: 'all have run',
  });
  expect(seen).toEqual(recorded);
});

it('no payload holds more than ids and flags: personal data stays in MongoDB', () => {
  const fields = Object.values(RECORDED).flatMap((jobs) =>
    Object.values(jobs)
      .flat()
      .flatMap((payload) => Object.keys(payload)),
  );
  expect([...new Set(fields)].sort()).toEqual([
    'campaign_id',
    'conversation_id',
    'conversation_ids',
    'cursor',
    'escalation_id',
    'key',
    'open_batch',
    'suspect',
    'trace_id',
  ]);
});
