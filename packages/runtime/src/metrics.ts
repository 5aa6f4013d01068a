import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Config } from './config/config.js';
import { createLabelLimit } from './label-limit.js';

export interface LabelledCounter<Label extends string> {
  inc(labels: Readonly<Record<Label, string>>, by?: number): void;
}

export interface LabelledHistogram<Label extends string> {
  /** In the unit of the metric's name. */
  observe(labels: Readonly<Record<Label, string>>, value: number): void;
}

export interface LabelledGauge<Label extends string> {
  set(labels: Readonly<Record<Label, string>>, value: number): void;
}

/** Every metric of ours. The first four carry the names and labels of the user's document. */
export interface Metrics {
  readonly registry: Registry;
  readonly conversationsInitialized: LabelledCounter<'campaign_type'>;
  readonly stagesAdvanced: LabelledCounter<'campaign_type' | 'from_stage' | 'to_stage'>;
  readonly conversationsCompleted: LabelledCounter<'campaign_type' | 'result'>;
  /** Of sampled conversations only: see `sampled`. */
  readonly stageDurationSeconds: LabelledHistogram<'campaign_type' | 'stage'>;
  readonly messages: LabelledCounter<'channel' | 'outcome'>;
  readonly decisions: LabelledCounter<'outcome'>;
  /** How long after its due time a conversation was decided; of sampled conversations only. */
  readonly dueLagSeconds: { observe(seconds: number): void };
  readonly deliverySeconds: LabelledHistogram<'channel'>;
  /** 1 for the state that a channel is in and 0 for the others, in each process: the sum counts processes. */
  readonly channelState: LabelledGauge<'channel' | 'state'>;
  readonly channelPauses: LabelledCounter<'channel'>;
  /** Messages that had to wait before they were tried. */
  readonly postponed: LabelledCounter<'channel' | 'reason'>;
  /** From the channel's acceptance to the record of it: the time that nobody can close (design, section 6). */
  readonly ambiguousWindowSeconds: LabelledHistogram<'channel'>;
  /** From the latest look through the gate to the wire (design, section 7, promise 6). */
  readonly gateToWireSeconds: LabelledHistogram<'channel'>;
  readonly repairs: LabelledCounter<'kind'>;
  /** Messages that took too many workers with them. */
  readonly quarantined: LabelledCounter<'channel'>;
  readonly jobsEnqueued: LabelledCounter<'queue' | 'name'>;
  readonly inboundMails: LabelledCounter<'kind'>;
}

const HOUR = 3600;
const STAGE_BUCKETS = [1, 4, 12, 24, 48, 72, 168, 336, 720].map((hours) => hours * HOUR);
/** A campaign with a small delay factor, such as the demo's, has stages of seconds. */
const SHORT_STAGE_BUCKETS = [1, 10, 60, 600];
const LAG_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, HOUR];
const WINDOW_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];
const DELIVERY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes all metrics in a registry of their own, with Node's own metrics where ENABLE_METRICS is on. */
export function createMetrics({ enableMetrics }: Pick<Config, 'enableMetrics'>): Metrics {
  const registry = new Registry();
  if (enableMetrics) collectDefaultMetrics({ register: registry });

  function counter<Label extends string>(name: string, help: string, labelNames: Label[]): LabelledCounter<Label> {
    const metric = new Counter<string>({ name: `communication_${name}`, help, labelNames, registers: [registry] });
    const limit = createLabelLimit();
    return { inc: (labels, by = 1) => metric.inc(limit(labels), by) };
  }

  function histogram<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    buckets: number[],
  ): LabelledHistogram<Label> {
    const full = `communication_${name}`;
    const metric = new Histogram<string>({ name: full, help, labelNames, buckets, registers: [registry] });
    const limit = createLabelLimit();
    return { observe: (labels, value) => metric.observe(limit(labels), value) };
  }

  function gauge<Label extends string>(name: string, help: string, labelNames: Label[]): LabelledGauge<Label> {
    const metric = new Gauge<string>({ name: `communication_${name}`, help, labelNames, registers: [registry] });
    const limit = createLabelLimit();
    return { set: (labels, value) => metric.set(limit(labels), value) };
  }

  const dueLag = histogram('due_lag_seconds', 'Time from due to decided', [], LAG_BUCKETS);
  return {
    registry,
    conversationsInitialized: counter('conversations_initialized', 'Number of conversations initialized', [
      'campaign_type',
    ]),
    stagesAdvanced: counter('stages_advanced', 'Number of conversation stages advanced', [
      'campaign_type',
      'from_stage',
      'to_stage',
    ]),
    conversationsCompleted: counter('conversations_completed', 'Number of conversations completed', [
      'campaign_type',
      'result',
    ]),
    stageDurationSeconds: histogram(
      'stage_duration_seconds',
      'Time spent in each stage',
      ['campaign_type', 'stage'],
      [...SHORT_STAGE_BUCKETS, ...STAGE_BUCKETS],
    ),
    messages: counter('messages_total', 'Number of sendings by what became of them', ['channel', 'outcome']),
    decisions: counter('decisions_total', 'Number of decisions by what became of them', ['outcome']),
    dueLagSeconds: { observe: (seconds) => dueLag.observe({}, seconds) },
    deliverySeconds: histogram('delivery_seconds', 'Time that one sending took', ['channel'], DELIVERY_BUCKETS),
    ambiguousWindowSeconds: histogram(
      'ambiguous_window_seconds',
      'Time from the acceptance of a message to the record of it',
      ['channel'],
      WINDOW_BUCKETS,
    ),
    gateToWireSeconds: histogram(
      'gate_to_wire_seconds',
      'Time from the last look at what a message depends on to its first byte',
      ['channel'],
      WINDOW_BUCKETS,
    ),
    quarantined: counter(
      'messages_quarantined_total',
      'Number of messages that were put aside because their workers died of them',
      ['channel'],
    ),
    channelState: gauge('channel_state', 'Number of processes by the state that a channel is in for them', [
      'channel',
      'state',
    ]),
    channelPauses: counter('channel_pauses_total', 'Number of times a channel was paused for its error rate', [
      'channel',
    ]),
    postponed: counter('messages_postponed_total', 'Number of times a message had to wait before it was tried', [
      'channel',
      'reason',
    ]),
    repairs: counter('repairs_total', 'Number of things found unfinished and finished', ['kind']),
    inboundMails: counter('inbound_mails_total', 'Number of inbound mails by what they were', ['kind']),
    jobsEnqueued: counter('jobs_enqueued_total', 'Number of jobs put into the queues', ['queue', 'name']),
  };
}
