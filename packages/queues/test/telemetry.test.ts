import { testRedisUrl, until } from '@campaign-manager/testkit';
import { context, propagation, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { consume, createProducers, type Producers, producerConnection, queueTelemetry } from '../src/index.js';
import { openTestQueues, type TestQueues } from './support/queues.js';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer('test');

let test: TestQueues;
let producers: Producers;
let handled: (string | undefined)[];

beforeAll(() => {
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});

afterAll(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

/** A producer and a consumer that tell of their work. The handler notes the trace that it runs in. */
beforeEach(async () => {
  exporter.reset();
  handled = [];
  test = await openTestQueues('telemetry');
  const telemetry = await queueTelemetry();
  const redis = producerConnection(testRedisUrl());
  await redis.connect();
  producers = createProducers(redis, test.prefix, { telemetry });
  test.defer(() => producers.close());
  test.keep(
    consume(
      'conversations',
      {
        advance: async ({ payload }) => {
          handled.push(trace.getActiveSpan()?.spanContext().traceId);
          if (payload.suspect) throw new Error('no such person: canary@example.test');
        },
        'advance-batch': async () => {},
      },
      {
        connection: test.connection(),
        prefix: test.prefix,
        concurrency: 1,
        retryDelayMs: 60_000,
        onError: () => {},
        telemetry,
      },
    ),
  );
});

afterEach(() => test.close());

const add = (suspect = false) =>
  producers.add('conversations', [
    { name: 'advance', payload: { conversation_id: 'c/r', ...(suspect && { suspect }) } },
  ]);
const spans = () => exporter.getFinishedSpans().map(({ name }) => name);
const processed = () =>
  until(() => exporter.getFinishedSpans().find(({ name }) => name === 'process conversations'), {
    describe: 'the job is done',
  });

it('a job that is added within a trace is done in it', async () => {
  const parent = tracer.startSpan('request');
  await context.with(trace.setSpan(ROOT_CONTEXT, parent), () => add());
  const job = await processed();

  const [added] = exporter.getFinishedSpans().filter(({ name }) => name === 'addBulk conversations');
  expect(added?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
  expect(job.parentSpanContext?.spanId).toBe(added?.spanContext().spanId);
  expect(handled).toEqual([parent.spanContext().traceId]);
});

it('a job that is added outside of any trace begins its own, and adding it is no span', async () => {
  await add();
  const job = await processed();

  expect(job.parentSpanContext).toBeUndefined();
  expect(handled).toEqual([job.spanContext().traceId]);
  expect(spans()).toEqual(['process conversations']);
});

it('one job after the other begins a trace: none goes on with that of the one before', async () => {
  await add();
  await add();
  await until(() => spans().length === 2, { describe: 'both are done' });

  expect(new Set(handled).size).toBe(2);
  expect(exporter.getFinishedSpans().map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined, undefined]);
});

it('the span of a job that fails says so, and not why: that may quote what a person wrote', async () => {
  await add(true);
  const job = await processed();

  expect(job.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(JSON.stringify([job.attributes, job.events, job.status])).not.toContain('canary');
});

it('the place in a trace is all that a job carries for it, in its options', async () => {
  await producers.queues.conversations.pause();
  const parent = tracer.startSpan('request');
  await context.with(trace.setSpan(ROOT_CONTEXT, parent), () => add());
  const [job] = await producers.queues.conversations.getWaiting();

  expect(job?.data).toEqual({ conversation_id: 'c/r' });
  expect(JSON.parse(job?.opts.telemetry?.metadata ?? '')).toEqual({
    traceparent: expect.stringContaining(parent.spanContext().traceId),
  });
});
