import { assertNever } from '../engine/assert-never.js';
import type { Effect, Settlement } from '../engine/types.js';
import type { CampaignDocument, ConversationDocument, MessageDocument } from '../models/documents.js';
import { campaignTime } from './campaign-clock.js';
import type { Store } from './connect-store.js';
import { atOnce, driver } from './connect-store.js';

type Row = Pick<MessageDocument, '_id' | 'status' | 'due_at' | 'settled_at' | 'claimed_at' | 'attempts'>;

/** What is known of the effects in the outboxes of a batch. */
export interface OutboxKnowledge {
  /** For the engine, by key, in campaign time. */
  readonly settlements: ReadonlyMap<string, Settlement>;
  /** Keys that have no ledger row or notification record yet. */
  readonly unrecorded: ReadonlySet<string>;
}

/** Reads the ledger rows and escalations behind every effect in the outboxes, in one query each. */
export async function loadSettlements(
  store: Store,
  campaign: CampaignDocument,
  conversations: readonly Pick<ConversationDocument, 'outbox'>[],
): Promise<OutboxKnowledge> {
  // One broken document fails its own decision, not the reading of all the others.
  const effects = conversations.flatMap(({ outbox }) => (Array.isArray(outbox) ? (outbox as Effect[]) : []));
  const messageKeys = effects.filter(({ kind }) => kind === 'message').map(({ key }) => key);
  const escalationKeys = effects.filter(({ kind }) => kind === 'escalation').map(({ key }) => key);
  const [rows, escalations] = await Promise.all([rowsOf(store, messageKeys), escalationsOf(store, escalationKeys)]);
  const settlements = new Map<string, Settlement>();
  for (const row of rows) settlements.set(row._id, toSettlement(row, campaign));
  for (const { _id, opened_at } of escalations) {
    settlements.set(_id, { outcome: 'sent', at: campaignTime(campaign, opened_at) });
  }
  return {
    settlements,
    unrecorded: new Set(effects.map(({ key }) => key).filter((key) => !settlements.has(key))),
  };
}

function rowsOf(store: Store, keys: readonly string[]): Promise<Row[]> {
  if (keys.length === 0) return Promise.resolve([]);
  return driver(store.messages)
    .find({ _id: { $in: [...keys] } }, atOnce(keys.length))
    .project<Row>({ status: 1, due_at: 1, settled_at: 1, claimed_at: 1, attempts: { $slice: -1 } })
    .toArray();
}

function escalationsOf(store: Store, keys: readonly string[]): Promise<{ _id: string; opened_at: number }[]> {
  if (keys.length === 0) return Promise.resolve([]);
  return driver(store.escalations)
    .find({ _id: { $in: [...keys] } })
    .project<{ _id: string; opened_at: number }>({ opened_at: 1 })
    .toArray();
}

function toSettlement(row: Row, campaign: CampaignDocument): Settlement {
  const at = campaignTime(campaign, row.settled_at ?? row.claimed_at);
  const detail = row.attempts.at(-1)?.reason ?? row.status;
  switch (row.status) {
    case 'sending':
    case 'retry':
      return {
        outcome: 'open',
        until: campaignTime({ ...campaign, paused_at: null }, row.due_at ?? row.claimed_at),
        on_the_wire: row.status === 'sending',
      };
    case 'sent':
    case 'unknown':
    case 'cancelled':
    case 'abandoned':
      return { outcome: row.status, at };
    case 'failed':
    case 'suppressed':
      return { outcome: row.status, at, detail };
    default:
      return assertNever(row.status);
  }
}
