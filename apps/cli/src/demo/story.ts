import type { ConversationEvent } from '@campaign-manager/core/engine';

/**
 * The order of what happened in a conversation, one short line for each event that prediction and life must share.
 * Left out are times, and what only faults bring about: withdrawn messages, news of deliveries, and the sendings that an
 * operator asked for.
 */
export function storyOf(events: readonly ConversationEvent[]): readonly string[] {
  return events.flatMap((event) => line(event) ?? []);
}

function line({ type, stage, reason, detail = {} }: ConversationEvent): string | null {
  switch (type) {
    case 'entered':
      return `entered ${stage}`;
    case 'sent':
      return reason === 'operator' ? null : `sent ${stage}/${detail['index']}/${detail['ordinal']}`;
    case 'response':
      return `response ${detail['intent'] ?? ''}`.trimEnd();
    case 'advanced':
      return `advanced to ${detail['to_stage']}`;
    case 'completed':
      return `completed ${detail['result']} (${reason})`;
    case 'blocked':
      return `blocked (${reason})`;
    case 'escalated':
    case 'escalation_resolved':
    case 'command':
    case 'delivery':
    case 'unblocked':
    case 'voided':
      return null;
  }
}
