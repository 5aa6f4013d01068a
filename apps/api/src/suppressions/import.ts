import { checkSuppression, type SuppressionInput } from '@campaign-manager/core/schemas';
import { addSuppressions, audit } from '@campaign-manager/core/store';
import type { ApiContext } from '../context.js';
import { type ImportResult, importLines } from '../imports/import-lines.js';
import { toSuppression } from './entries.js';

/** Adds entries from an NDJSON stream, line by line; what was stored of one that broke off is audited as well. */
export async function importSuppressions(
  { store, clock }: Pick<ApiContext, 'store' | 'clock'>,
  stream: AsyncIterable<Buffer>,
  by: string,
): Promise<ImportResult & { readonly created: number }> {
  let accepted = 0;
  let created = 0;
  try {
    const result = await importLines<SuppressionInput>(stream, {
      check: checkSuppression,
      store: async (batch) => {
        const now = clock.now();
        created += await addSuppressions(
          store,
          batch.map(({ value }) => toSuppression(value, 'import', now)),
        );
        accepted += batch.length;
        return [];
      },
    });
    return { ...result, created };
  } finally {
    const at = new Date(clock.now());
    const detail = { accepted, created };
    if (accepted > 0) await audit(store, { at, by, action: 'suppressions.import', target: 'suppressions', detail });
  }
}
