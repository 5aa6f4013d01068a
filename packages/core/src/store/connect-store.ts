import mongoose, { type Connection, type Model, type mongo } from 'mongoose';
import { createModels, type Models } from '../models/create-models.js';
import { type OnOperation, timedCollection, timeOperations } from './time-operations.js';

export interface StoreOptions {
  readonly uri: string;
  readonly database: string;
  readonly poolSize: number;
  readonly maxIdleMs: number;
  readonly appName: string;
  /** Is told of every operation on a collection when it is over. Absent: none is timed. */
  readonly onOperation?: OnOperation;
}

/** A connection to MongoDB with every model on it. */
export interface Store extends Models {
  readonly connection: Connection;
  /** MongoDB's clock, in milliseconds: the only clock that due times and leases are compared with. */
  serverTime(): Promise<number>;
  close(): Promise<void>;
}

/** How long an operation looks for a primary before it fails, so that callers can pause instead of hanging. */
const SERVER_SELECTION_TIMEOUT_MS = 5000;

/**
 * Connects and answers once MongoDB is reachable. Writes are acknowledged by a majority, with journal; reads go to the
 * primary (design, section 3).
 * @throws MongooseServerSelectionError where MongoDB cannot be reached.
 */
export async function connectStore(options: StoreOptions): Promise<Store> {
  const connection = mongoose.createConnection(options.uri, {
    dbName: options.database,
    appName: options.appName,
    maxPoolSize: options.poolSize,
    maxIdleTimeMS: options.maxIdleMs,
    serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
    autoIndex: false,
    autoCreate: false, // `migrate` makes collections; whoever only looks makes nothing
    sanitizeFilter: true,
  });
  await connection.asPromise();
  const models = createModels(connection);
  if (options.onOperation) timeOperations(Object.values(models), options.onOperation);
  return {
    ...models,
    connection,
    serverTime: () => serverTime(connection),
    close: () => connection.close(),
  };
}

async function serverTime(connection: Connection): Promise<number> {
  const hello = await connection.getClient().db('admin').command({ hello: 1 });
  return (hello['localTime'] as Date).getTime();
}

/**
 * Has the server answer `count` documents at once: it hands out 101 at first, and asking for the rest, or only whether
 * there is a rest, is another command.
 */
export function atOnce(count: number): { readonly batchSize: number } {
  return { batchSize: count + 1 };
}

/** The driver's own collection of a model: the hot path writes documents of ours without casting them again. */
export function driver<T extends { readonly _id: string }>(model: Model<T>): mongo.Collection<T> {
  return timedCollection(model.collection) as unknown as mongo.Collection<T>;
}
