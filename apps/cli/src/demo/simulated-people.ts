import type { Mailbox } from '@campaign-manager/local-stack';
import type { Api } from '../api-client.js';
import { createTrouble } from '../system/trouble.js';
import { KEY_HEADER, readKey, replyId } from './message-key.js';
import { reactTo } from './reactions.js';
import type { Scenario } from './scenario.js';
import { HOUR_MS } from './time.js';

export interface SimulatedPeople {
  /** Rejects when a reply could not be posted; never resolves. */
  readonly failed: Promise<never>;
  /** Nobody answers any more. */
  stop(): void;
}

/** The recipients: they read the mailbox, think for a while, and answer through the api. */
export function wakePeople(mailbox: Mailbox, api: Api, scenarios: readonly Scenario[]): SimulatedPeople {
  const personas = new Map(
    scenarios.flatMap(({ people }) => people.map(({ recipient, persona }) => [recipient._id, persona])),
  );
  const timers = new Set<NodeJS.Timeout>();
  const { failed, fail } = createTrouble();

  const leave = mailbox.onMail(({ headers }) => {
    const key = readKey(headers[KEY_HEADER] ?? '');
    const persona = key && personas.get(key.recipientId);
    const reaction = persona && reactTo(persona, key);
    if (!key || !reaction) return;
    const { delay_hours, ...answer } = reaction;
    const timer = setTimeout(() => {
      timers.delete(timer);
      api
        .post('/v1/responses', { id: replyId(key.baseKey), conversation_id: key.conversationId, ...answer })
        .catch(fail);
    }, delay_hours * HOUR_MS);
    timers.add(timer);
  });

  return {
    failed,
    stop: () => {
      leave();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
