import { readJournal } from '@campaign-manager/local-stack';
import type { Db } from 'mongodb';
import { KEY_HEADER } from './world/key-header.js';

/** One acceptance, as the mailbox's journal has it. */
export interface Acceptance {
  readonly key: string;
  /** Milliseconds since 1970, by the clock of the machine: when the whole body had come in. */
  readonly at: number;
}

export interface LedgerAttempt {
  readonly n: number;
  readonly at: number;
  readonly outcome: string;
  readonly reason?: string;
}

/** What the oracle looks at in a row of the ledger. */
export interface LedgerRow {
  readonly _id: string;
  readonly conversation_id: string;
  readonly campaign_id: string;
  readonly status: string;
  readonly policy: string;
  readonly attempt: number;
  /** By MongoDB's clock, which is this machine's: before the gate was read for the latest attempt. */
  readonly claimed_at: number;
  readonly attempts: readonly LedgerAttempt[];
}

export interface SeenConversation {
  readonly _id: string;
  readonly campaign_id: string;
  readonly status: string;
  readonly result?: string;
  readonly reason?: string;
}

export interface SeenCampaign {
  readonly _id: string;
  readonly status: string;
  readonly ended_at: number | null;
}

export interface SeenResponse {
  readonly _id: string;
  readonly conversation_id: string;
  readonly status: string;
}

/** Everything that is left when a run is over; read when no process runs any more. */
export interface Evidence {
  readonly journal: readonly Acceptance[];
  readonly rows: readonly LedgerRow[];
  readonly conversations: readonly SeenConversation[];
  readonly campaigns: readonly SeenCampaign[];
  readonly responses: readonly SeenResponse[];
  /** How often the history says that a response was applied, by its id. */
  readonly applied: ReadonlyMap<string, number>;
}

interface HistoryEvent {
  readonly _id?: string;
  readonly type: string;
  readonly v: number;
  readonly n: number;
  readonly detail?: { readonly id?: string };
}

/** Reads the journal and the database, past the code of the system. */
export async function gatherEvidence(db: Db, journalPath: string): Promise<Evidence> {
  const [mails, rows, conversations, campaigns, responses, spilled] = await Promise.all([
    readJournal(journalPath),
    db.collection<LedgerRow>('messages').find().project<LedgerRow>({ body: 0, subject: 0 }).toArray(),
    db
      .collection<SeenConversation & { recent_events: readonly HistoryEvent[] }>('conversation_states')
      .find()
      .project<SeenConversation & { recent_events: readonly HistoryEvent[] }>({ inbox: 0, outbox: 0 })
      .toArray(),
    db.collection<SeenCampaign>('campaigns').find().toArray(),
    db.collection<SeenResponse>('responses').find().toArray(),
    db.collection<HistoryEvent & { _id: string }>('conversation_events').find({ type: 'response' }).toArray(),
  ]);
  const history = new Map<string, HistoryEvent>(spilled.map((event) => [event._id, event]));
  for (const { _id, recent_events } of conversations) {
    for (const event of recent_events) history.set(`${_id}/${event.v}/${event.n}`, event);
  }
  return {
    journal: mails.map(({ headers, receivedAt }) => ({ key: headers[KEY_HEADER] ?? '', at: receivedAt })),
    rows,
    conversations,
    campaigns,
    responses,
    applied: countApplied([...history.values()]),
  };
}

function countApplied(history: readonly HistoryEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type, detail } of history) {
    if (type === 'response' && detail?.id !== undefined) counts.set(detail.id, (counts.get(detail.id) ?? 0) + 1);
  }
  return counts;
}
