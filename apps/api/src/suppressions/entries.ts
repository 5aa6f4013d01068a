import type { SuppressionDocument } from '@campaign-manager/core/models';
import type { SuppressionInput, SuppressionReason } from '@campaign-manager/core/schemas';
import { type NewSuppression, parseSuppressionId } from '@campaign-manager/core/store';

/** An entry of the list as it is exported, and as it can be imported again. Its id is `<channel>:<address>`. */
export interface ExportedSuppression {
  readonly channel: string;
  readonly address: string;
  readonly reason: string;
  readonly source?: string;
  readonly created_at: string;
}

export function presentSuppression({ _id, reason, source, created_at }: SuppressionDocument): ExportedSuppression {
  return {
    ...parseSuppressionId(_id),
    reason,
    ...(source !== undefined && { source }),
    created_at: created_at.toISOString(),
  };
}

/** What is stored of an entry that somebody hands in. */
export function toSuppression(input: SuppressionInput, reason: SuppressionReason, now: number): NewSuppression {
  const { channel, address, source, created_at } = input;
  return {
    channel,
    address,
    reason: input.reason ?? reason,
    ...(source !== undefined && { source }),
    createdAt: new Date(created_at ?? now),
  };
}
