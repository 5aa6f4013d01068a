import { isDuplicateKey } from './errors.js';

/** Told when an operation is over: MongoDB's name of it, how long it took, and whether it failed as such. */
export type OnOperation = (command: string, seconds: number, failed: boolean) => void;

/** The driver's methods of a collection that send something at once, and what MongoDB calls it. */
const COMMANDS = {
  findOne: 'find',
  countDocuments: 'aggregate',
  insertOne: 'insert',
  insertMany: 'insert',
  updateOne: 'update',
  updateMany: 'update',
  deleteOne: 'delete',
  deleteMany: 'delete',
  findOneAndUpdate: 'findAndModify',
  bulkWrite: 'bulkWrite',
} as const;

/** Those that answer a cursor, which sends when its documents are asked for. */
const CURSORS = { find: 'find', aggregate: 'aggregate' } as const;

type Method = (...args: unknown[]) => Promise<unknown>;
interface Cursor {
  toArray: () => Promise<unknown>;
}

const timed = new WeakMap<object, object>();

/** The collection that times its operations, where `timeOperations` made one of it. */
export function timedCollection<C extends object>(collection: C): C {
  return (timed.get(collection) ?? collection) as C;
}

/**
 * Has every operation that goes through `driver` timed. Timed here and not by the driver's command monitoring, for which
 * it reads each answer a second time: that made reading a batch of conversations 40 % dearer; this costs nothing that can
 * be measured.
 */
export function timeOperations(models: readonly { readonly collection: object }[], tell: OnOperation): void {
  for (const { collection } of models) timed.set(collection, timedCopy(collection, tell));
}

/** The same collection, with methods of its own where something is to be timed. */
function timedCopy(collection: object, tell: OnOperation): object {
  const methods = collection as Readonly<Record<string, Method>>;
  const copy = Object.create(collection) as Record<string, unknown>;
  for (const [name, command] of Object.entries(COMMANDS)) {
    copy[name] = (...args: unknown[]) => time(command, tell, () => (methods[name] as Method)(...args));
  }
  for (const [name, command] of Object.entries(CURSORS)) {
    copy[name] = (...args: unknown[]) => {
      const cursor = (methods[name] as Method)(...args) as unknown as Cursor;
      const toArray = cursor.toArray.bind(cursor);
      cursor.toArray = () => time(command, tell, toArray);
      return cursor;
    };
  }
  return copy;
}

async function time(command: string, tell: OnOperation, run: () => Promise<unknown>): Promise<unknown> {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  try {
    const answer = await run();
    tell(command, since(), false);
    return answer;
  } catch (error) {
    tell(command, since(), !isDuplicateKey(error)); // a claim that finds out who was faster has its answer
    throw error;
  }
}
