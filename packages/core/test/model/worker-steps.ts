import { type RowOutcome, wakes } from '../../src/ledger/index.js';
import type { MessageDocument } from '../../src/models/index.js';
import { ledgerStep, union } from './ledger-step.js';
import {
  type Conversation,
  ENDED,
  type Key,
  type Rules,
  type Scenario,
  type State,
  type Task,
  type Worker,
} from './state.js';

export interface Step {
  readonly label: string;
  readonly next: State;
}

type At<A extends Worker['at']> = Extract<Worker, { at: A }>;

/** Everything that worker `w` may do next. */
export function workerSteps(state: State, w: 0 | 1, scenario: Scenario, rules: Rules): Step[] {
  const worker = state.workers[w];
  const put = (label: string, next: Worker, from: State = state): Step => ({
    label: `worker ${w}: ${label}`,
    next: { ...from, workers: w === 0 ? [next, from.workers[1]] : [from.workers[0], next] },
  });
  switch (worker.at) {
    case 'idle':
      return [...begin(state, scenario, rules, put), ...adopt(state, scenario, rules, put), ...retry(state, put)];
    case 'decided':
      return [commit(state, worker, rules, put)];
    case 'adopting':
      return [takeOver(state, worker, put)];
    case 'delivering':
      return [deliver(state, worker, scenario, rules, put)];
    case 'retrying':
      return [claimAgain(state, worker, rules, put)];
    case 'claimed':
      return [gate(state, worker, rules, put)];
    case 'gated':
      return wire(state, worker, scenario, put);
    case 'answered':
      return record(state, worker, scenario, rules, put);
    case 'telling':
      return [tell(state, worker, rules, put)];
  }
}

type Put = (label: string, next: Worker, from?: State) => Step;

/** Loads, decides and states the intent. */
function begin(state: State, scenario: Scenario, rules: Rules, put: Put): Step[] {
  const { conversation, campaign } = state;
  if (!campaign.running) return [];
  const next = decide(state, scenario);
  if (!next) return [];
  const batch = rules.statesIntent ? state.nextId : null;
  const known = Object.keys(state.rows);
  const todo = next.outbox.filter((key) => !known.includes(key));
  return [
    put(
      'decides',
      { at: 'decided', seen: conversation.version, next, revision: campaign.revision, batch, todo },
      batch === null ? state : { ...state, batches: [...state.batches, batch], nextId: state.nextId + 1 },
    ),
  ];
}

/** The engine in a few lines; null where nothing changes, or something on the wire is waited for. */
function decide(state: State, scenario: Scenario): Conversation | null {
  const { conversation, rows } = state;
  if (conversation.completed) return null;
  const isOpen = (key: Key) => !rows[key] || !ENDED.includes(rows[key]?.status ?? 'sending');
  if (conversation.inbox.length > 0 && conversation.outbox.some((key) => rows[key]?.status === 'sending')) return null;
  const settled = conversation.outbox.filter((key) => !isOpen(key));
  const failed = settled.some((key) => rows[key]?.status === 'failed');
  let outbox = conversation.outbox.filter(isOpen);
  const replied = conversation.replied || conversation.inbox.includes('reply');
  const voided = failed ? outbox : replied ? outbox.filter((key) => key === 'm1') : [];
  outbox = outbox.filter((key) => !voided.includes(key));
  const due: Key[] = [];
  if (!conversation.decided.includes('m0')) due.push('m0');
  else if (scenario.messages === 2 && !replied && !outbox.includes('m0') && !conversation.decided.includes('m1')) {
    due.push('m1');
  }
  if (conversation.inbox.includes('resend')) due.push('m0/r1');
  const sends = failed ? [] : due;
  if (sends.length + settled.length + conversation.inbox.length === 0) return null;
  return {
    version: 0,
    inbox: [],
    replied,
    decided: union(conversation.decided, sends) as Key[],
    outbox: [...outbox, ...sends],
    voided: union(conversation.voided, voided) as Key[],
    completed: failed,
  };
}

function commit(state: State, { seen, next, ...job }: At<'decided'>, rules: Rules, put: Put): Step {
  const { version } = state.conversation;
  if (rules.comparesVersions && seen !== version) return put('loses the race', { ...job, at: 'delivering', todo: [] });
  const lost = state.conversation.inbox.includes('reply') && !next.replied;
  return put(
    'commits',
    { ...job, at: 'delivering' },
    {
      ...state,
      conversation: { ...next, version: version + 1 },
      broken: lost ? 'a reply is lost' : state.broken,
    },
  );
}

/** Fences whoever had the batch, and takes it over under a new id. */
function adopt(state: State, scenario: Scenario, rules: Rules, put: Put): Step[] {
  const { conversation } = state;
  const version = conversation.version + (rules.fencesOnAdoption && !conversation.completed ? 1 : 0);
  const held = (batch: number) => state.workers.some((worker) => 'batch' in worker && worker.batch === batch);
  return state.batches.flatMap((batch) => {
    const expiries = state.expiries + (held(batch) ? 1 : 0); // the lease of one who lives and is slow
    if (expiries > scenario.expiries) return [];
    const next = { ...state, expiries, conversation: { ...conversation, version } };
    return [put('adopts a batch', { at: 'adopting', batch }, next)];
  });
}

function takeOver(state: State, { batch }: At<'adopting'>, put: Put): Step {
  if (!state.batches.includes(batch)) return put('is too late to adopt', { at: 'idle' });
  const mine = state.nextId;
  const todo = state.conversation.outbox.filter((key) => !state.rows[key]);
  return put(
    'takes the batch over',
    { at: 'delivering', revision: state.campaign.revision, batch: mine, todo },
    {
      ...state,
      batches: [...state.batches.filter((other) => other !== batch), mine],
      nextId: mine + 1,
    },
  );
}

function retry(state: State, put: Put): Step[] {
  const { campaign, rows, attempts } = state;
  if (!campaign.running) return [];
  const waiting = Object.entries(rows).filter(([, row]) => row.status === 'retry') as [Key, MessageDocument][];
  return waiting.map(([key, { attempt }]) =>
    put(`begins to retry ${key}`, {
      at: 'retrying',
      key,
      seenAttempt: attempt,
      doubt: (attempts[key]?.doubted ?? []).length > 0,
      revision: campaign.revision,
      batch: null,
      todo: [],
    }),
  );
}

/** The next message of the batch, or the end of the batch. */
function deliver(state: State, worker: At<'delivering'>, { policy }: Scenario, rules: Rules, put: Put): Step {
  const [key, ...todo] = worker.todo;
  if (key === undefined) {
    return put(
      'closes its batch',
      { at: 'idle' },
      {
        ...state,
        batches: state.batches.filter((batch) => batch !== worker.batch),
      },
    );
  }
  const task: Task = { key, fence: state.nextId, attempt: 1, doubt: false };
  const next = claim(state, rules, task, null, policy);
  if (!next) return put(`finds ${key} claimed`, { ...worker, todo });
  return put(`claims ${key}`, { ...worker, at: 'claimed', todo, task }, next);
}

function claimAgain(state: State, worker: At<'retrying'>, rules: Rules, put: Put): Step {
  const { key, seenAttempt, doubt, ...job } = worker;
  const task: Task = { key, fence: state.nextId, attempt: seenAttempt + 1, doubt };
  const next = claim(state, rules, task, seenAttempt, 'at_most_once');
  if (!next) return put(`finds ${key} taken`, { at: 'idle' });
  return put(`claims ${key} again`, { ...job, at: 'claimed', task }, next);
}

function claim(
  state: State,
  rules: Rules,
  { key, fence, attempt }: Task,
  seenAttempt: number | null,
  policy: MessageDocument['policy'],
): State | null {
  const row = {
    status: 'sending',
    policy,
    fence: String(fence),
    attempt,
    due_at: 1,
    claimed_at: 0,
    attempts: [],
  } as unknown as MessageDocument;
  const next = ledgerStep(state, rules, key, { kind: 'claimed', row, seenAttempt });
  return next && { ...next, nextId: state.nextId + 1 };
}

/** The last look before the wire. */
function gate(state: State, worker: At<'claimed'>, rules: Rules, put: Put): Step {
  const { task } = worker;
  const verdict = verdictOn(state, task.key, worker.revision, rules);
  if (verdict === 'pass') {
    return put(
      `passes the gate with ${task.key}`,
      { ...worker, at: 'gated' },
      { ...state, broken: wrongPass(state, task) },
    );
  }
  const base = { key: task.key, fence: String(task.fence), attempt: { n: task.attempt, at: 0, outcome: 'held_back' } };
  const outcome: RowOutcome =
    verdict === 'hold'
      ? { ...base, status: 'retry', uncounted: true, dueAt: 0 }
      : task.doubt
        ? { ...base, status: 'unknown', uncounted: true }
        : { ...base, status: 'cancelled' };
  return put(`is held back with ${task.key}`, { ...worker, at: 'answered', outcome });
}

function verdictOn({ campaign, conversation }: State, key: Key, revision: number, rules: Rules) {
  if (rules.gateSeesCampaign && (!campaign.running || campaign.revision !== revision)) return 'hold';
  if (rules.gateSeesOutbox && !conversation.outbox.includes(key)) return 'withdrawn';
  if (rules.gateSeesInbox && conversation.inbox.length > 0) return 'hold';
  return 'pass';
}

/** A gate that is read after a pause or a reply was acknowledged lets nothing through that they forbid. */
function wrongPass({ broken, campaign, conversation }: State, { key }: Task): string | null {
  if (!campaign.running) return `${key} passed the gate of a campaign that does not run`;
  if (conversation.inbox.includes('reply')) return `${key} passed the gate past a reply`;
  if (conversation.replied && key === 'm1') return `${key} passed the gate after a reply took it back`;
  return broken;
}

/** What the provider does, and what of it the worker learns. */
function wire(state: State, worker: At<'gated'>, { policy, troubles }: Scenario, put: Put): Step[] {
  const { key, fence, attempt: n } = worker.task;
  const answer = (label: string, from: State, status: RowOutcome['status'], more: Partial<RowOutcome> = {}) =>
    put(
      `${label} ${key}`,
      {
        ...worker,
        at: 'answered',
        outcome: {
          key,
          fence: String(fence),
          status,
          attempt: { n, at: 0, outcome: status === 'unknown' || more.unproven ? 'unknown' : status },
          ...more,
        },
      },
      from,
    );
  const silence = (label: string, from: State) =>
    policy === 'at_least_once'
      ? answer(label, from, 'retry', { unproven: true, dueAt: 0 })
      : answer(label, from, 'unknown');
  const taken = accept(state, key, n, policy);
  const steps = [answer('gets accepted:', taken, 'sent')];
  if (state.troubles >= troubles) return steps;
  const trouble = (from: State): State => ({ ...from, troubles: from.troubles + 1 });
  return [
    ...steps,
    silence('gets accepted without an answer:', trouble(taken)),
    silence('gets no answer:', trouble(state)),
    answer('gets deferred:', trouble(state), 'retry', { dueAt: 0 }),
    answer('gets rejected:', trouble(state), 'failed'),
  ];
}

/** Of all acceptances at most one is not recorded as doubtful, and under `at_most_once` there is but one. */
function accept(state: State, key: Key, attempt: number, policy: Scenario['policy']): State {
  const { accepted, doubted } = state.attempts[key] ?? { accepted: [], doubted: [] };
  const all = [...accepted, attempt].sort();
  const sure = all.filter((one) => !doubted.includes(one));
  const twice = policy === 'at_most_once' ? all.length > 1 : sure.length > 1;
  return {
    ...state,
    attempts: { ...state.attempts, [key]: { accepted: all, doubted } },
    broken: twice ? `${key} was accepted twice, and nobody said why` : state.broken,
  };
}

/** Records by the fence; without an answer of the database, a second time. */
function record(state: State, worker: At<'answered'>, { troubles }: Scenario, rules: Rules, put: Put): Step[] {
  const { task, outcome, ...job } = worker;
  const { key } = task;
  const next = ledgerStep(state, rules, key, { kind: 'recorded', outcome });
  const after: Worker =
    next && wakes(outcome) ? { ...job, at: 'telling', key, status: outcome.status, attempt: task.attempt } : goOn(job);
  const steps = [
    put(next ? `records ${key} as ${outcome.status}` : `comes too late to record ${key}`, after, next ?? state),
  ];
  if (!next || state.troubles >= troubles) return steps;
  return [...steps, put(`records ${key} and hears nothing`, worker, { ...next, troubles: next.troubles + 1 })];
}

function goOn(job: Pick<At<'delivering'>, 'revision' | 'batch' | 'todo'>): Worker {
  const { revision, batch, todo } = job;
  return batch === null && todo.length === 0 ? { at: 'idle' } : { at: 'delivering', revision, batch, todo };
}

function tell(state: State, { key, status, attempt, ...job }: At<'telling'>, rules: Rules, put: Put): Step {
  return put(`tells of ${key}`, goOn(job), told(state, rules, key, status, attempt));
}

/** The event of a delivery in the inbox, and the mark off the row. */
export function told(state: State, rules: Rules, key: Key, status: MessageDocument['status'], attempt: number): State {
  const { conversation } = state;
  const awake: State = conversation.completed
    ? state
    : {
        ...state,
        conversation: {
          ...conversation,
          version: conversation.version + 1,
          inbox: union(conversation.inbox, ['delivery' as const]),
        },
      };
  return ledgerStep(awake, rules, key, { kind: 'told', status, attempt }) ?? awake;
}
