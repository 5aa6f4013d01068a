import type { ConversationDocument, MessageDocument } from '@campaign-manager/core/models';

/** A conversation as clients see it: what it is at, without the bookkeeping of the commit protocol. */
export function presentConversation(conversation: ConversationDocument) {
  const {
    version: _version,
    fence: _fence,
    tries: _tries,
    inbox: _inbox,
    outbox: _outbox,
    applied_event_ids: _applied,
    recent_events: _recent,
    ...state
  } = conversation;
  return state;
}

/** A row of the ledger as clients see it. */
export function presentMessage({ fence: _fence, ...row }: MessageDocument) {
  return row;
}
