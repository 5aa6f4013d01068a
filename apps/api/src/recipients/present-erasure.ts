import type { Awaited, ErasureReceipt } from '@campaign-manager/core/store';

/** What is kept after an erasure, and why. */
const KEPT = {
  statistics:
    'That conversations, messages, replies and escalations were, when and how they ended, under the id of the recipient: campaigns count them.',
  id: 'The id of the recipient, which is part of the ids of conversations and messages and of jobs in Redis. Where ids are chosen so that they name people, this names one.',
  suppressions:
    'Addresses that wanted no more messages, on the list of suppressions, without their source: they are not written to if they are brought in anew. DELETE /v1/suppressions/{id} removes one.',
  receipt: 'This receipt, in the audit log: a restored backup needs the erasure again.',
} as const;

/** A receipt as clients see it. */
export interface PresentedErasure {
  readonly id: string;
  readonly recipient_id: string;
  readonly status: 'pending' | 'complete';
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly completed_at: Date | null;
  readonly erased: Readonly<Record<string, number>>;
  readonly ended_conversations: number;
  readonly suppressed_addresses: number;
}

export function presentErasure({ _id, target, by, at, detail }: ErasureReceipt): PresentedErasure {
  const { status, completed_at = null, erased, ended, suppressed } = detail;
  return {
    id: _id,
    recipient_id: target,
    status,
    requested_by: by,
    requested_at: at,
    completed_at,
    erased,
    ended_conversations: ended,
    suppressed_addresses: suppressed,
  };
}

/** As `presentErasure`, with what is kept and what is still waited for. */
export function presentReceipt(receipt: ErasureReceipt, awaited: Awaited) {
  return { ...presentErasure(receipt), awaited, kept: KEPT };
}

const count = { type: 'integer', minimum: 0 } as const;

export const erasureSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    recipient_id: { type: 'string' },
    status: { enum: ['pending', 'complete'], description: '`pending`: ask again, until it is `complete`.' },
    requested_by: { type: 'string' },
    requested_at: { type: 'string', format: 'date-time' },
    completed_at: { type: ['string', 'null'], format: 'date-time' },
    erased: { type: 'object', additionalProperties: count, description: 'Documents concerned, by collection.' },
    ended_conversations: { ...count, description: 'Those that were open; they end as `opted_out`, reason `erased`.' },
    suppressed_addresses: count,
    awaited: {
      type: 'object',
      description: 'Messages on the wire, decisions under way, and campaigns that are making their conversations.',
      properties: { messages: count, decisions: count, campaigns: count },
    },
    kept: { type: 'object', additionalProperties: { type: 'string' }, description: 'What is kept, and why.' },
  },
} as const;
