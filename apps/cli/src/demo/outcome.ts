import type { ConversationEvent } from '@campaign-manager/core/engine';
import type { Mailbox } from '@campaign-manager/local-stack';
import type { Api } from '../api-client.js';
import type { Stories } from './compare.js';
import { type Figures, figuresOf } from './figures.js';
import { KEY_HEADER } from './message-key.js';
import { predict } from './predict.js';
import type { Scenario } from './scenario.js';
import { storyOf } from './story.js';

/** What became of one campaign. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly predicted: Stories;
  readonly actual: Stories;
  /** Ledger keys with the status `sent`. */
  readonly sent: readonly string[];
  /** Keys of the mails that arrived. */
  readonly received: readonly string[];
}

interface LedgerRow {
  readonly _id: string;
  readonly status: string;
}

/** How every conversation of a scenario must go. Pure. */
export function predictAll(scenario: Scenario): Stories {
  return new Map(
    scenario.people.map((person) => [
      `${scenario.campaign._id}/${person.recipient._id}`,
      storyOf(predict(scenario, person).events),
    ]),
  );
}

/** Asks the api and the mailbox how the campaign went. */
export async function collectOutcome(api: Api, mailbox: Mailbox, scenario: Scenario): Promise<Outcome> {
  const path = `/v1/campaigns/${scenario.campaign._id}`;
  const conversations = await api.list<{ _id: string }>(`${path}/conversations`);
  const actual = new Map<string, readonly string[]>();
  for (const { _id } of conversations) {
    const { timeline } = await api.get<{ timeline: readonly ConversationEvent[] }>(
      `/v1/conversations/${encodeURIComponent(_id)}`,
    );
    actual.set(_id, storyOf(timeline));
  }
  const rows = await api.list<LedgerRow>(`${path}/messages`);
  const prefix = `${scenario.campaign._id}/`;
  return {
    scenario,
    predicted: predictAll(scenario),
    actual,
    sent: rows.filter(({ status }) => status === 'sent').map(({ _id }) => _id),
    received: mailbox
      .messages()
      .map(({ headers }) => headers[KEY_HEADER] ?? '')
      .filter((key) => key.startsWith(prefix)),
  };
}

/** The figures of what happened: messages as the ledger has them, the rest as the conversations tell it. Pure. */
export function actualFigures({ actual, sent }: Outcome): Figures {
  const followUps = sent.filter((key) => /\/[1-9]\d*(\/r\d+)?$/.test(key));
  return { ...figuresOf(actual), sent: sent.length, follow_ups: followUps.length };
}
