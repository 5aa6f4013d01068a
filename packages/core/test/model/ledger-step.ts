import { applyChange, type LedgerEvent, transition } from '../../src/ledger/index.js';
import type { MessageDocument } from '../../src/models/index.js';
import { ENDED, type Key, type Rules, type State } from './state.js';

/** One write of the ledger: the same table as the store's, made in memory. Null where it does not apply. */
export function ledgerStep(state: State, rules: Rules, key: Key, event: LedgerEvent): State | null {
  const change = rules.change(event, transition(event));
  const before = state.rows[key];
  const known = state.attempts[key] ?? { accepted: [], doubted: [] };
  // Of its attempts a row of the model keeps those in doubt, beside it.
  const attempts = known.doubted.map((n) => ({ n, at: 0, outcome: 'unknown' }));
  const after = applyChange(before && { ...before, attempts }, change);
  if (!after) return null;
  const doubted = change.kind === 'update' && isDoubt(change.write.push) ? [change.write.push?.n ?? 0] : [];
  return judge(
    {
      ...state,
      rows: { ...state.rows, [key]: { ...after, attempts: [] } },
      attempts: { ...state.attempts, [key]: { ...known, doubted: union(known.doubted, doubted) } },
    },
    key,
    before,
    after,
  );
}

function isDoubt(attempt: { readonly outcome: string; readonly reason?: string } | undefined): boolean {
  return attempt !== undefined && (attempt.outcome === 'unknown' || attempt.reason === 'lease_expired');
}

export function union<T>(some: readonly T[], more: readonly T[]): readonly T[] {
  return [...new Set([...some, ...more])].sort();
}

/** What must hold of every single write. */
function judge(state: State, key: Key, before: MessageDocument | undefined, after: MessageDocument): State {
  const { accepted = [] } = state.attempts[key] ?? {};
  const ended = before !== undefined && ENDED.includes(before.status) && before.status !== 'unknown';
  if (ended && before.status !== after.status) return { ...state, broken: `${key} was ${before.status} and went on` };
  if (before?.resend && after.status === 'retry') return { ...state, broken: `${key} is sent again under two keys` };
  const lie = after.status === 'cancelled' && accepted.length > 0;
  if (lie) return { ...state, broken: `${key} is called cancelled, and was accepted` };
  const sent = after.status === 'sent' && accepted.length === 0 && !state.happened;
  return sent ? { ...state, broken: `${key} is called sent, and nobody accepted it` } : state;
}
