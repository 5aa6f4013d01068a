import type { MessageDocument } from '../models/documents.js';

/** Whether an earlier attempt may have arrived: it got no answer, or its worker was lost on the way. Pure. */
export function isInDoubt({ attempts }: Pick<MessageDocument, 'attempts'>): boolean {
  return attempts.some(({ outcome, reason }) => outcome === 'unknown' || reason === 'lease_expired');
}

/** The same of one attempt, in the words of MongoDB. */
export const DOUBTFUL = { $or: [{ outcome: 'unknown' }, { reason: 'lease_expired' }] };
