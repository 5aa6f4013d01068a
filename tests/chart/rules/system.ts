import { type Instance, instance, type Series } from './series.js';
import { anew, away, rising, standing, steady, type Timeline } from './timeline.js';

/** How what one process shows goes on. */
interface Life {
  readonly gauge: (value: number) => Timeline;
  /** What campaigns cause. */
  readonly work: (perMinute: number) => Timeline;
  /** What goes on without them. */
  readonly pulse: (perMinute: number) => Timeline;
}

/** A whole system in which nothing is wrong, though much may happen. */
export interface Scene {
  readonly name: string;
  readonly series: readonly Series[];
}

function schedulerShows(process: Instance, { gauge, pulse }: Life): readonly Series[] {
  const { shows } = process;
  const queues = ['campaigns', 'conversations', 'messages', 'notifications'];
  return [
    ...presence('scheduler', process, gauge),
    ...stores(process, pulse),
    shows('communication_polls_total', { outcome: 'done' }, ...pulse(1)),
    shows('communication_polls_total', { outcome: 'failed' }, ...pulse(0)),
    shows('communication_oldest_due_seconds', {}, ...gauge(2)),
    shows('communication_oldest_escalation_seconds', {}, ...gauge(3600)),
    shows('communication_messages_unknown', {}, ...gauge(0)),
    shows('communication_conversations_blocked', {}, ...gauge(0)),
    shows('communication_channel_paused', { channel: 'email' }, ...gauge(0)),
    shows('communication_messages_quarantined_total', { channel: 'email' }, ...pulse(0)),
    ...queues.flatMap((queue) => [
      shows('communication_queue_jobs', { queue, state: 'waiting' }, ...gauge(0)),
      shows('communication_queue_jobs', { queue, state: 'active' }, ...gauge(0)),
    ]),
  ];
}

function workerShows(process: Instance, { gauge, work, pulse }: Life): readonly Series[] {
  const { shows, measures } = process;
  const sales = { campaign_type: 'sales', stage: 'awareness' };
  const fast = { '0.5': work(60), '+Inf': work(60) };
  return [
    ...presence('worker', process, gauge),
    ...stores(process, pulse),
    ...measures('communication_due_lag_seconds', {}, fast),
    ...measures('communication_ambiguous_window_seconds', { channel: 'email' }, fast),
    ...measures('communication_stage_duration_seconds', sales, { 86400: work(1), '+Inf': work(2) }),
    shows('communication_messages_total', { channel: 'email', outcome: 'sent' }, ...work(60)),
    shows('communication_messages_total', { channel: 'email', outcome: 'failed' }, ...work(2)),
    shows('communication_messages_postponed_total', { channel: 'email', reason: 'channel_unavailable' }, ...pulse(0)),
    shows('communication_messages_postponed_total', { channel: 'email', reason: 'rate_limited' }, ...work(20)),
    shows('communication_channel_state', { channel: 'email', state: 'closed' }, ...gauge(1)),
    shows('communication_channel_state', { channel: 'email', state: 'open' }, ...gauge(0)),
    shows('communication_gate_to_wire_late_total', { channel: 'email' }, ...pulse(0)),
    shows('communication_jobs_failed_total', { queue: 'messages' }, ...pulse(0)),
    shows('communication_repairs_total', { kind: 'expired_lease' }, ...pulse(0)),
  ];
}

function apiShows(process: Instance, { gauge, work, pulse }: Life): readonly Series[] {
  const { shows } = process;
  const request = { method: 'POST', route: '/v1/responses' };
  return [
    ...presence('api', process, gauge),
    ...stores(process, pulse),
    shows('communication_http_request_seconds_count', { ...request, status: '202' }, ...work(10)),
    shows('communication_responses_total', { status: 'received' }, ...work(10)),
    shows('communication_responses_total', { status: 'unmatched' }, ...pulse(0)),
  ];
}

function presence(app: string, { shows }: Instance, gauge: Life['gauge']): readonly Series[] {
  return [
    shows('communication_processes', { app }, ...gauge(1)),
    shows('communication_processes_expected', { app }, ...gauge(1)),
    shows('communication_ready', { app, check: 'mongodb' }, ...gauge(1)),
    shows('nodejs_eventloop_lag_p99_seconds', {}, ...gauge(0.012)),
  ];
}

function stores({ shows, measures }: Instance, pulse: Life['pulse']): readonly Series[] {
  return [
    ...measures(
      'communication_mongodb_operation_seconds',
      { command: 'find' },
      {
        '0.01': pulse(60),
        '+Inf': pulse(60),
      },
    ),
    ...measures('communication_redis_operation_seconds', { command: 'zadd' }, { '0.01': pulse(60), '+Inf': pulse(60) }),
    shows('communication_store_errors_total', { store: 'mongodb' }, ...pulse(0)),
  ];
}

/** Two of each app, each pair with one life, or the second with one of its own. */
function system(first: Life, second = first): readonly Series[] {
  return [
    ...schedulerShows(instance('scheduler-1'), first),
    ...schedulerShows(instance('scheduler-2'), second),
    ...workerShows(instance('worker-1'), first),
    ...workerShows(instance('worker-2'), second),
    ...apiShows(instance('api-1'), first),
    ...apiShows(instance('api-2'), second),
  ];
}

function counting(life: (perMinute: number) => Timeline): Pick<Life, 'work' | 'pulse'> {
  return { work: life, pulse: life };
}

const busy: Life = { gauge: (value) => [steady(value, 120)], ...counting((rate) => [rising(rate, 120)]) };

const night: Life = { ...busy, work: (rate) => [rising(rate, 10), standing(110)] };

const idle: Life = { ...busy, work: () => [standing(120)] };

const restarted: Life = {
  gauge: (value) => [steady(value, 60), away(2), steady(value, 58)],
  ...counting((rate) => [rising(rate, 60), away(2), anew, rising(rate, 58)]),
};

const old: Life = {
  gauge: (value) => [steady(value, 60), away(60)],
  ...counting((rate) => [rising(rate, 60), away(60)]),
};

const young: Life = {
  gauge: (value) => [away(63), steady(value, 57)],
  ...counting((rate) => [away(63), anew, rising(rate, 57)]),
};

export const scenes: readonly Scene[] = [
  { name: 'a busy day', series: system(busy) },
  { name: 'a quiet night', series: system(night) },
  { name: 'an installation that never had a campaign', series: system(idle) },
  { name: 'a restart of everything, two minutes long, with all counters at 0 again', series: system(restarted) },
  { name: 'a restart of one half while the other works', series: system(busy, restarted) },
  { name: 'new pods in the place of the old, with three minutes between them', series: system(old, young) },
];
