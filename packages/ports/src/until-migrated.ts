import { setTimeout as sleep } from 'node:timers/promises';
import { installedSchema, type Store, schemaFault } from '@campaign-manager/core/store';
import type { Logger } from '@campaign-manager/runtime';

const LOOK_EVERY_MS = 1000;

/**
 * Waits as long as it takes until `campaign migrate` has brought the database to a schema that this version can work
 * with. One line in the log for each reason to wait, and one when it goes on.
 */
export async function untilMigrated(store: Store, logger: Logger, waits: (reason: string) => void): Promise<void> {
  let told: string | null = null;
  for (;;) {
    const reason = await whyNot(store);
    if (reason === null) break;
    waits(reason);
    if (reason !== told) logger.warn({ reason }, 'The database does not suit this version; waiting');
    told = reason;
    await sleep(LOOK_EVERY_MS);
  }
  if (told !== null) logger.info('The database suits this version; going on');
}

/** A MongoDB that goes away meanwhile is a reason to wait as well. */
async function whyNot(store: Store): Promise<string | null> {
  return installedSchema(store).then(
    (schema) => schemaFault(schema),
    (error: unknown) => `The schema cannot be read: ${String(error)}`,
  );
}
