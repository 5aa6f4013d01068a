import type { MessageDocument } from '../models/documents.js';
import { type Change, type Guard, KEPT_ATTEMPTS, type Rewrite } from './change.js';
import { isInDoubt } from './doubt.js';

/**
 * Makes a change on a row in memory, as MongoDB makes it on a stored one: the row afterwards, or null where the change
 * does not apply. Pure.
 */
export function applyChange(row: MessageDocument | undefined, change: Change): MessageDocument | null {
  if (change.kind === 'insert') return row === undefined ? change.row : null;
  return row !== undefined && holds(row, change.when) ? rewrite(row, change.write) : null;
}

function holds(row: MessageDocument, { status, fence, attempt, dueBy, resending, inDoubt }: Guard): boolean {
  if (!status.includes(row.status)) return false;
  if (fence !== undefined && row.fence !== fence) return false;
  if (attempt !== undefined && row.attempt !== attempt) return false;
  if (resending !== undefined && (row.resend !== undefined) !== resending) return false;
  if (inDoubt !== undefined && isInDoubt(row) !== inDoubt) return false;
  return dueBy === undefined || (row.due_at !== undefined && row.due_at <= dueBy);
}

function rewrite(row: MessageDocument, { set, unset = [], inc = {}, push }: Rewrite): MessageDocument {
  const counted = Object.entries(inc).map(([field, by]) => [field, Number(row[field as keyof typeof inc] ?? 0) + by]);
  const next = {
    ...row,
    ...set,
    ...Object.fromEntries(counted),
    ...(push && { attempts: [...row.attempts, push].slice(-KEPT_ATTEMPTS) }),
  };
  for (const field of unset) delete next[field];
  return next;
}
