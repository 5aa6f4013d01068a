import type { Fault } from '@campaign-manager/core/schemas';
import { missingRecipients, type Store } from '@campaign-manager/core/store';

/** Names every id that no recipient has; `pathOf` tells where the id of that index stands. */
export async function unknownRecipients(
  store: Store,
  ids: readonly string[],
  pathOf: (index: number) => string,
): Promise<(Fault & { readonly index: number })[]> {
  const absent = new Set(await missingRecipients(store, ids));
  const expected = 'the id of a stored recipient';
  return ids.flatMap((id, index) =>
    absent.has(id)
      ? [{ index, path: pathOf(index), message: `There is no recipient \`${id}\`.`, found: id, expected }]
      : [],
  );
}
