import type { ChannelName } from '@campaign-manager/core/schemas';
import { REPAIR_KINDS } from './repair-kinds.js';

const CHANNELS = ['email', 'webhook', 'log'] as const satisfies readonly ChannelName[];
const QUEUES = ['campaigns', 'conversations', 'messages', 'notifications'];

const HOUR = 3600;
const STAGE_BUCKETS = [1, 4, 12, 24, 48, 72, 168, 336, 720].map((hours) => hours * HOUR);
/** A campaign with a small delay factor, such as the demo's, has stages of seconds. */
const SHORT_STAGE_BUCKETS = [1, 10, 60, 600];
const LAG_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, HOUR];
const WINDOW_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];
const DELIVERY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const STORE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 200, 500, 1000];

interface Described {
  /** Without the prefix `communication_`, which all of them have. */
  readonly name: string;
  /** What Prometheus shows, in one line. */
  readonly help: string;
  readonly labels: readonly string[];
  /** The apps that give it values. */
  readonly apps: readonly ('scheduler' | 'worker' | 'api')[];
}

/** One metric: the single source of its type, of what is exported, and of its line in `docs/metrics.md`. */
export type Definition = Described &
  (
    | {
        readonly kind: 'counter';
        /** The values of its only label, which begin at 0, so that an increase is seen from the first one on. */
        readonly values?: readonly string[];
      }
    | {
        readonly kind: 'histogram';
        readonly buckets: readonly number[];
        /** Of sampled conversations only: see `sampled`. */
        readonly sampled?: true;
      }
    | {
        readonly kind: 'gauge';
        /** How the processes of one worker app become one figure. */
        readonly aggregator: 'sum' | 'min' | 'max';
        /** Every scheduler exports the same figure of the whole system. */
        readonly ofTheSystem?: true;
      }
  );

/** Every metric of ours. The first four carry the names, texts and labels of the user's document. */
export const METRICS = {
  conversationsInitialized: {
    kind: 'counter',
    name: 'conversations_initialized',
    help: 'Number of conversations initialized',
    labels: ['campaign_type'],
    apps: ['worker'],
  },
  stagesAdvanced: {
    kind: 'counter',
    name: 'stages_advanced',
    help: 'Number of conversation stages advanced',
    labels: ['campaign_type', 'from_stage', 'to_stage'],
    apps: ['worker'],
  },
  conversationsCompleted: {
    kind: 'counter',
    name: 'conversations_completed',
    help: 'Number of conversations completed',
    labels: ['campaign_type', 'result'],
    apps: ['worker'],
  },
  stageDurationSeconds: {
    kind: 'histogram',
    name: 'stage_duration_seconds',
    help: 'Time spent in each stage',
    labels: ['campaign_type', 'stage'],
    buckets: [...SHORT_STAGE_BUCKETS, ...STAGE_BUCKETS],
    sampled: true,
    apps: ['worker'],
  },
  messages: {
    kind: 'counter',
    name: 'messages_total',
    help: 'Number of sendings by what became of them',
    labels: ['channel', 'outcome'],
    apps: ['worker'],
  },
  decisions: {
    kind: 'counter',
    name: 'decisions_total',
    help: 'Number of decisions by what became of them',
    labels: ['outcome'],
    values: ['committed', 'lost_race', 'early'],
    apps: ['worker'],
  },
  dueLagSeconds: {
    kind: 'histogram',
    name: 'due_lag_seconds',
    help: 'Time from due to decided',
    labels: [],
    buckets: LAG_BUCKETS,
    sampled: true,
    apps: ['worker'],
  },
  batchSize: {
    kind: 'histogram',
    name: 'batch_size',
    help: 'Number of conversations in a job that decides a batch',
    labels: [],
    buckets: BATCH_BUCKETS,
    apps: ['worker'],
  },
  deliverySeconds: {
    kind: 'histogram',
    name: 'delivery_seconds',
    help: 'Time that one sending took, which is how long the provider takes to answer',
    labels: ['channel'],
    buckets: DELIVERY_BUCKETS,
    sampled: true,
    apps: ['worker'],
  },
  ambiguousWindowSeconds: {
    kind: 'histogram',
    name: 'ambiguous_window_seconds',
    help: 'Time from the acceptance of a message to the record of it',
    labels: ['channel'],
    buckets: WINDOW_BUCKETS,
    sampled: true,
    apps: ['worker'],
  },
  gateToWireSeconds: {
    kind: 'histogram',
    name: 'gate_to_wire_seconds',
    help: 'Time from the last look at what a message depends on to its first byte',
    labels: ['channel'],
    buckets: WINDOW_BUCKETS,
    sampled: true,
    apps: ['worker'],
  },
  gateToWireLate: {
    kind: 'counter',
    name: 'gate_to_wire_late_total',
    help: 'Number of messages that left more than 1 s after the last look at what they depend on',
    labels: ['channel'],
    values: CHANNELS,
    apps: ['worker'],
  },
  postponed: {
    kind: 'counter',
    name: 'messages_postponed_total',
    help: 'Number of times a message had to wait before it was tried',
    labels: ['channel', 'reason'],
    apps: ['worker'],
  },
  quarantined: {
    kind: 'counter',
    name: 'messages_quarantined_total',
    help: 'Number of messages that were put aside because their workers died of them',
    labels: ['channel'],
    values: CHANNELS,
    apps: ['scheduler', 'worker'],
  },
  channelState: {
    kind: 'gauge',
    name: 'channel_state',
    help: 'Number of processes by whether they reach a channel: closed, open, or half_open when the next try is due',
    labels: ['channel', 'state'],
    aggregator: 'sum',
    apps: ['worker'],
  },
  channelPaused: {
    kind: 'gauge',
    name: 'channel_paused',
    help: 'Whether a channel is paused, 1 or 0',
    labels: ['channel'],
    aggregator: 'max',
    ofTheSystem: true,
    apps: ['scheduler'],
  },
  channelPauses: {
    kind: 'counter',
    name: 'channel_pauses_total',
    help: 'Number of times a channel was paused for its error rate',
    labels: ['channel'],
    values: CHANNELS,
    apps: ['worker'],
  },
  responses: {
    kind: 'counter',
    name: 'responses_total',
    help: 'Number of replies: each once as received, and once more by what became of it',
    labels: ['status'],
    values: ['received', 'applied', 'late', 'unmatched'],
    apps: ['scheduler', 'worker', 'api'],
  },
  inboundMails: {
    kind: 'counter',
    name: 'inbound_mails_total',
    help: 'Number of inbound mails by what they were',
    labels: ['kind'],
    apps: ['api'],
  },
  repairs: {
    kind: 'counter',
    name: 'repairs_total',
    help: 'Number of things found unfinished and finished',
    labels: ['kind'],
    values: REPAIR_KINDS,
    apps: ['scheduler', 'worker', 'api'],
  },
  redispatches: {
    kind: 'counter',
    name: 'redispatches_total',
    help: 'Number of times a conversation got a job once more, by why the one before did not do',
    labels: ['reason'],
    values: ['early', 'on_the_wire', 'failed', 'redelivered'],
    apps: ['worker'],
  },
  jobsEnqueued: {
    kind: 'counter',
    name: 'jobs_enqueued_total',
    help: 'Number of jobs put into the queues',
    labels: ['queue', 'name'],
    apps: ['scheduler', 'worker', 'api'],
  },
  jobsFailed: {
    kind: 'counter',
    name: 'jobs_failed_total',
    help: 'Number of jobs that failed for good',
    labels: ['queue'],
    values: QUEUES,
    apps: ['worker'],
  },
  polls: {
    kind: 'counter',
    name: 'polls_total',
    help: 'Number of looks at what is due, by how they ended',
    labels: ['outcome'],
    values: ['done', 'failed', 'clock_off'],
    apps: ['scheduler'],
  },
  queueJobs: {
    kind: 'gauge',
    name: 'queue_jobs',
    help: 'Number of jobs in a queue by state',
    labels: ['queue', 'state'],
    aggregator: 'max',
    ofTheSystem: true,
    apps: ['scheduler'],
  },
  oldestDueSeconds: {
    kind: 'gauge',
    name: 'oldest_due_seconds',
    help: 'How late the conversation is that has been due for longest',
    labels: [],
    aggregator: 'max',
    ofTheSystem: true,
    apps: ['scheduler'],
  },
  horizonConversations: {
    kind: 'gauge',
    name: 'horizon_conversations',
    help: 'Number of conversations that are due within one polling interval, counted up to 20000',
    labels: [],
    aggregator: 'max',
    ofTheSystem: true,
    apps: ['scheduler'],
  },
  escalationsOpen: {
    kind: 'gauge',
    name: 'escalations_open',
    help: 'Number of escalations that nobody has resolved',
    labels: [],
    aggregator: 'max',
    ofTheSystem: true,
    apps: ['scheduler'],
  },
  oldestEscalationSeconds: {
    kind: 'gauge',
    name: 'oldest_escalation_seconds',
    help: 'How long the oldest open escalation has been waiting; 0 where there is none',
    labels: [],
    aggregator: 'max',
    ofTheSystem: true,
    apps: ['scheduler'],
  },
  messagesUnknown: {
    kind: 'gauge',
    name: 'messages_unknown',
    help: 'Number of messages of which nobody knows whether they were accepted',
    labels: [],
    aggregator: 'max',
    ofTheSystem: true,
    apps: ['scheduler'],
  },
  conversationsBlocked: {
    kind: 'gauge',
    name: 'conversations_blocked',
    help: 'Number of conversations that are blocked in campaigns that are not over: each waits for an operator',
    labels: [],
    aggregator: 'max',
    ofTheSystem: true,
    apps: ['scheduler'],
  },
  campaigns: {
    kind: 'gauge',
    name: 'campaigns',
    help: 'Number of campaigns by status',
    labels: ['status'],
    aggregator: 'max',
    ofTheSystem: true,
    apps: ['scheduler'],
  },
  mongodbOperationSeconds: {
    kind: 'histogram',
    name: 'mongodb_operation_seconds',
    help: 'Time that one operation on MongoDB took, the wait for a connection included',
    labels: ['command'],
    buckets: STORE_BUCKETS,
    apps: ['scheduler', 'worker', 'api'],
  },
  redisOperationSeconds: {
    kind: 'histogram',
    name: 'redis_operation_seconds',
    help: 'Time that one command of Redis took, as its caller saw it',
    labels: ['command'],
    buckets: STORE_BUCKETS,
    apps: ['scheduler', 'worker', 'api'],
  },
  storeErrors: {
    kind: 'counter',
    name: 'store_errors_total',
    help: 'Number of operations on MongoDB and Redis that failed',
    labels: ['store'],
    values: ['mongodb', 'redis'],
    apps: ['scheduler', 'worker', 'api'],
  },
  httpRequestSeconds: {
    kind: 'histogram',
    name: 'http_request_seconds',
    help: 'Time that one request took, by the pattern of its route',
    labels: ['method', 'route', 'status'],
    buckets: HTTP_BUCKETS,
    apps: ['api'],
  },
  processes: {
    kind: 'gauge',
    name: 'processes',
    help: 'Number of processes of an app that answer: 1, or those of WORKER_THREADS',
    labels: ['app'],
    aggregator: 'sum',
    apps: ['scheduler', 'worker', 'api'],
  },
  processesExpected: {
    kind: 'gauge',
    name: 'processes_expected',
    help: 'Number of processes that an app should have: 1, or WORKER_THREADS',
    labels: ['app'],
    aggregator: 'sum',
    apps: ['scheduler', 'worker', 'api'],
  },
  ready: {
    kind: 'gauge',
    name: 'ready',
    help: 'Whether a check of readiness is passed, 1 or 0; the least of the processes of one worker app',
    labels: ['app', 'check'],
    aggregator: 'min',
    apps: ['scheduler', 'worker', 'api'],
  },
} as const satisfies Readonly<Record<string, Definition>>;

/** What the names of all of our metrics begin with, as in the user's document. */
export const PREFIX = 'communication_';
