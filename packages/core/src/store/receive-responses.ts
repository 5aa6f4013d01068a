import { mongo } from 'mongoose';
import type { ResponseDocument } from '../models/documents.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { isDuplicateKey } from './errors.js';

/** A reply as it is stored now; `created` false: it was there before, and may differ from what was handed in. */
export interface Received {
  readonly response: ResponseDocument;
  readonly created: boolean;
}

/**
 * Keeps a reply before anything is done with it, under the provider's id or the caller's idempotency key. A second one
 * with the same id changes nothing: the stored one is answered, with `created` false.
 */
export async function receiveResponse(store: Store, response: ResponseDocument): Promise<Received> {
  try {
    await driver(store.responses).insertOne(response);
    return { response, created: true };
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const stored = await driver(store.responses).findOne({ _id: response._id });
    return { response: (stored ?? response) as ResponseDocument, created: false };
  }
}

/**
 * As `receiveResponse`, of several in one write. Answers in their order.
 * @throws what MongoDB said of any of them, unless it is only that an id is taken; others may be stored then, and
 * receiving all again changes nothing.
 */
export async function receiveResponses(
  store: Store,
  responses: readonly ResponseDocument[],
): Promise<readonly Received[]> {
  if (responses.length === 0) return [];
  const taken = await insertNew(store, responses);
  if (taken.size === 0) return responses.map((response) => ({ response, created: true }));
  const stored = await storedResponses(
    store,
    responses.filter((_, i) => taken.has(i)).map(({ _id }) => _id),
  );
  return responses.map((response, i) =>
    taken.has(i) ? { response: stored.get(response._id) ?? response, created: false } : { response, created: true },
  );
}

/** Answers the positions of those whose id was taken. */
async function insertNew(store: Store, responses: readonly ResponseDocument[]): Promise<ReadonlySet<number>> {
  try {
    await driver(store.responses).insertMany([...responses], { ordered: false });
    return new Set();
  } catch (error) {
    const taken = onlyTaken(error);
    if (!taken) throw error;
    return taken;
  }
}

/** Null where anything else went wrong as well: then nobody knows that the others are stored as they must be. */
function onlyTaken(error: unknown): ReadonlySet<number> | null {
  if (!(error instanceof mongo.MongoBulkWriteError)) return null;
  const { result } = error;
  const faults = result.getWriteErrors();
  const only = faults.length > 0 && faults.every(isDuplicateKey) && result.getWriteConcernError() === undefined;
  return only ? new Set(faults.map(({ index }) => index)) : null;
}

async function storedResponses(store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, ResponseDocument>> {
  const found = await driver(store.responses)
    .find({ _id: { $in: [...ids] } })
    .toArray();
  return new Map((found as ResponseDocument[]).map((response) => [response._id, response]));
}
