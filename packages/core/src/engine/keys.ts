import type { MessageEffect, MessageRef } from './types.js';

/** `<campaign>/<recipient>`: the id of a conversation (design, section 3). */
export function conversationId(campaignId: string, recipientId: string): string {
  return `${campaignId}/${recipientId}`;
}

/** The recipient of a conversation, by its id: no id has a slash in it. */
export function recipientOf(conversation: string): string {
  return conversation.slice(conversation.indexOf('/') + 1);
}

/** `<conversation>/<stage>/<visit>/<message index>/<follow-up ordinal>`: the ledger key of one sending. */
export function messageKey(conversation: string, ref: MessageRef): string {
  return `${conversation}/${ref.stage}/${ref.visit}/${ref.index}/${ref.ordinal}`;
}

/** The conversation of a ledger key; neither of the two ids in it holds a slash. */
export function conversationOfKey(key: string): string {
  const [campaignId = '', recipientId = ''] = key.split('/');
  return conversationId(campaignId, recipientId);
}

/** `<conversation>/<stage>/<visit>`: at most one escalation per visit. */
export function escalationKey(conversation: string, stage: string, visit: number): string {
  return `${conversation}/${stage}/${visit}`;
}

/** The parts of a ledger key, also of a resend (`.../r2`); null where it is none of this conversation. */
export function parseMessageKey(conversation: string, key: string): (MessageRef & { resend: number }) | null {
  if (!key.startsWith(`${conversation}/`)) return null;
  const [stage, visit, index, ordinal, resend, ...rest] = key.slice(conversation.length + 1).split('/');
  const numbers = [visit, index, ordinal, resend === undefined ? '0' : resend.replace(/^r/, '')].map(Number);
  const [v, i, o, r] = numbers;
  if (
    stage === undefined ||
    rest.length > 0 ||
    v === undefined ||
    i === undefined ||
    o === undefined ||
    r === undefined
  )
    return null;
  if (!numbers.every(Number.isSafeInteger)) return null;
  return { stage, visit: v, index: i, ordinal: o, resend: r };
}

/** The key of an operator's resend: `k` becomes `k/r1`, `k/r1` becomes `k/r2`. */
export function resendKey(key: string): string {
  const match = /^(.*)\/r([0-9]+)$/.exec(key);
  return match ? `${match[1]}/r${Number(match[2]) + 1}` : `${key}/r1`;
}

/** The key of the message that a resend repeats: the reverse of `resendKey`. */
export function resentKey(key: string): string {
  const match = /^(.*)\/r([0-9]+)$/.exec(key);
  if (!match) return key;
  const [, original = key, count] = match;
  return Number(count) > 1 ? `${original}/r${Number(count) - 1}` : original;
}

/** Whether an effect is an operator's resend: its key is not the one that its place in the conversation gives it. */
export function isResend(conversation: string, effect: MessageEffect): boolean {
  return effect.key !== messageKey(conversation, effect);
}
