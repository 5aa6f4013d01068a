import type { Change, LedgerEvent, RowOutcome } from '../../src/ledger/index.js';
import type { MessageDocument, RowStatus } from '../../src/models/index.js';
import type { DeliveryPolicy } from '../../src/schemas/index.js';

/*
 * The protocol of delivery as a small machine (docs/ledger.md, "The model check"): one conversation, two workers that
 * can stop at any step, and the outside world. Time is not modelled: whatever time allows may happen at any time.
 */

/** The first message, its follow-up, and what an operator sends again. */
export type Key = 'm0' | 'm1' | 'm0/r1';

/** What the outside world does, once, at any time. */
export type Incident = 'nothing' | 'reply' | 'pause' | 'cancel' | 'confirm' | 'abandon' | 'resend';

export interface Scenario {
  readonly policy: DeliveryPolicy;
  readonly incident: Incident;
  readonly messages: 1 | 2;
  readonly crashes: number;
  /** Refusals, silences and answers that are lost, all in all. */
  readonly troubles: number;
  readonly expiries: number;
}

/** The rules of the protocol; a test breaks one to see that the check can fail. */
export interface Rules {
  /** What a change of the table means to the model. */
  readonly change: (event: LedgerEvent, change: Change) => Change;
  readonly comparesVersions: boolean;
  readonly statesIntent: boolean;
  readonly fencesOnAdoption: boolean;
  readonly gateSeesInbox: boolean;
  readonly gateSeesCampaign: boolean;
  readonly gateSeesOutbox: boolean;
  readonly sweepsLeases: boolean;
}

export interface Conversation {
  readonly version: number;
  readonly inbox: readonly ('reply' | 'delivery' | 'resend')[];
  readonly replied: boolean;
  readonly decided: readonly Key[];
  readonly outbox: readonly Key[];
  /** Taken back by a decision. */
  readonly voided: readonly Key[];
  readonly completed: boolean;
}

/** What a worker has to do for a message that it claimed; the rest of its batch comes after it. */
export interface Task {
  readonly key: Key;
  readonly fence: number;
  readonly attempt: number;
  readonly doubt: boolean;
}

interface Job {
  readonly revision: number;
  /** The batch that it closes at the end; null for a retry. */
  readonly batch: number | null;
  readonly todo: readonly Key[];
}

export type Worker =
  | { readonly at: 'idle' }
  | (Job & { readonly at: 'decided'; readonly seen: number; readonly next: Conversation })
  | { readonly at: 'adopting'; readonly batch: number }
  | (Job & { readonly at: 'retrying'; readonly key: Key; readonly seenAttempt: number; readonly doubt: boolean })
  | (Job & { readonly at: 'delivering' })
  | (Job & { readonly at: 'claimed'; readonly task: Task })
  | (Job & { readonly at: 'gated'; readonly task: Task })
  | (Job & { readonly at: 'answered'; readonly task: Task; readonly outcome: RowOutcome })
  | (Job & { readonly at: 'telling'; readonly key: Key; readonly status: RowStatus; readonly attempt: number });

/** What the provider and the ledger know of the attempts of a message. */
export interface Attempts {
  readonly accepted: readonly number[];
  /** Recorded as unknown or as lost, before anything was sent again. */
  readonly doubted: readonly number[];
}

export interface State {
  readonly conversation: Conversation;
  readonly campaign: { readonly running: boolean; readonly cancelled: boolean; readonly revision: number };
  readonly rows: { readonly [key in Key]?: MessageDocument };
  readonly attempts: { readonly [key in Key]?: Attempts };
  readonly batches: readonly number[];
  readonly workers: readonly [Worker, Worker];
  readonly happened: boolean;
  readonly resumed: boolean;
  readonly crashes: number;
  readonly troubles: number;
  readonly expiries: number;
  /** For new fences and batches. */
  readonly nextId: number;
  /** What must never be, and is. */
  readonly broken: string | null;
}

export const ENDED: readonly RowStatus[] = ['sent', 'failed', 'unknown', 'cancelled', 'suppressed', 'abandoned'];

export const START: State = {
  conversation: { version: 1, inbox: [], replied: false, decided: [], outbox: [], voided: [], completed: false },
  campaign: { running: true, cancelled: false, revision: 1 },
  rows: {},
  attempts: {},
  batches: [],
  workers: [{ at: 'idle' }, { at: 'idle' }],
  happened: false,
  resumed: false,
  crashes: 0,
  troubles: 0,
  expiries: 0,
  nextId: 1,
  broken: null,
};

/**
 * One text for all states that differ only in names. Of fences, batches and versions only who has the same one matters,
 * and which of the two workers is which does not.
 */
export function fingerprint(state: State): string {
  const [a, b] = state.workers;
  const [order] = [inOrder(state, a, b), inOrder(state, b, a)].sort();
  const { conversation, campaign, attempts, batches } = state;
  const counts = `${batches.length}${state.crashes}${state.troubles}${state.expiries}`;
  const flags = [campaign.running, campaign.cancelled, state.happened, state.resumed].map(Number).join('');
  const known = textOf(conversation, ({ version: _version, ...rest }) => JSON.stringify(rest)) + textOf(attempts);
  return `${known}${counts}${flags}${order}`;
}

function inOrder(state: State, first: Worker, second: Worker): string {
  const fences = [first, second].map((worker) => ('task' in worker ? String(worker.task.fence) : null));
  const rows = Object.entries(state.rows).map(([key, row]) => {
    const held = fences.map((fence) => Number(fence === row.fence)).join('');
    return `${key}${textOf(row, ({ fence: _fence, ...rest }) => JSON.stringify(rest))}${held}`;
  });
  const shared = 'batch' in first && 'batch' in second && first.batch === second.batch;
  return `${rows.join()}|${seenWorker(state, first)}|${seenWorker(state, second)}|${shared}`;
}

function seenWorker({ batches, campaign, conversation }: State, worker: Worker): string {
  const flags = [
    'batch' in worker && (worker.batch === null ? 2 : Number(batches.includes(worker.batch))),
    'revision' in worker && Number(worker.revision === campaign.revision),
    'seen' in worker && Number(worker.seen === conversation.version),
  ];
  return textOf(worker, withoutNames) + flags.join();
}

function withoutNames(worker: Worker): string {
  return JSON.stringify(worker, (name, value) =>
    ['fence', 'batch', 'revision', 'seen', 'version'].includes(name) ? undefined : value,
  );
}

/** States share most of their parts: each is put into words once. */
const texts = new WeakMap<object, string>();

function textOf<T extends object>(part: T, make: (part: T) => string = JSON.stringify): string {
  const known = texts.get(part);
  if (known !== undefined) return known;
  const text = make(part);
  texts.set(part, text);
  return text;
}
