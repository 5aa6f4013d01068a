import { writeFile } from 'node:fs/promises';
import { readJournal } from '@campaign-manager/local-stack';
import { BSON } from 'mongodb';
import type { Load } from '../load.js';
import type { Ground } from '../world/world.js';

/** What a system left behind when all of its processes were killed: documents, jobs, and the mailbox's journal. */
export interface Snapshot {
  /** The commit whose apps wrote it. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
  readonly loads: readonly Load[];
  /** By collection. */
  readonly documents: Readonly<Record<string, readonly BSON.Document[]>>;
  /** Without the prefix, and without what Redis would have forgotten meanwhile. */
  readonly keys: readonly RedisKey[];
  readonly journal: readonly unknown[];
}

type RedisKey = { readonly name: string } & (
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'hash'; readonly value: Readonly<Record<string, string>> }
  | { readonly type: 'list' | 'set'; readonly value: readonly string[] }
  | { readonly type: 'zset'; readonly value: readonly (readonly [member: string, score: string])[] }
);

/** Reads everything of a world whose processes have ended. */
export async function takeSnapshot(ground: Ground, version: string, loads: readonly Load[]): Promise<Snapshot> {
  const { db, journalPath } = ground;
  const collections = (await db.listCollections().toArray()).map(({ name }) => name).sort();
  const contents = await Promise.all(collections.map((name) => db.collection(name).find().sort({ _id: 1 }).toArray()));
  return {
    version,
    recordedAt: Date.now(),
    loads,
    documents: Object.fromEntries(collections.map((name, i) => [name, contents[i] ?? []])),
    keys: await readKeys(ground),
    journal: await readJournal(journalPath),
  };
}

async function readKeys(ground: Ground): Promise<RedisKey[]> {
  const { redis, prefix } = ground;
  const done = new Set(await completedJobs(ground));
  const names = (await redis.keys(`${prefix}:*`)).sort().filter((name) => !done.has(name));
  const found: RedisKey[] = [];
  for (const key of names) {
    if ((await redis.pttl(key)) >= 0) continue; // marks and locks
    const name = key.slice(prefix.length);
    const type = await redis.type(key);
    if (type === 'string') found.push({ name, type, value: (await redis.get(key)) ?? '' });
    if (type === 'hash') found.push({ name, type, value: await redis.hgetall(key) });
    if (type === 'list') found.push({ name, type, value: await redis.lrange(key, 0, -1) });
    if (type === 'set') found.push({ name, type, value: await redis.smembers(key) });
    if (type === 'zset') found.push({ name, type, value: pairs(await redis.zrange(key, '0', '-1', 'WITHSCORES')) });
  }
  return found;
}

/** Keys of jobs that are done, and of the lists of them. */
async function completedJobs({ redis, prefix }: Ground): Promise<string[]> {
  const lists = await redis.keys(`${prefix}:*:completed`);
  const ids = await Promise.all(lists.map((list) => redis.zrange(list, '0', '-1')));
  const jobs = lists.flatMap((list, i) => (ids[i] ?? []).map((id) => list.replace(/completed$/, id)));
  return [...lists, ...jobs];
}

function pairs(flat: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? '', flat[2 * i + 1] ?? ''] as const);
}

export async function saveSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  await writeFile(file, `${BSON.EJSON.stringify(snapshot, undefined, 1)}\n`);
}

export function parseSnapshot(text: string): Snapshot {
  return BSON.EJSON.parse(text) as Snapshot;
}

/** Brings a snapshot into an empty world, as if it had been taken just now. */
export async function restoreSnapshot(ground: Ground, snapshot: Snapshot): Promise<void> {
  const shift = Date.now() - snapshot.recordedAt;
  for (const [name, documents] of Object.entries(snapshot.documents)) {
    if (documents.length > 0) await ground.db.collection(name).insertMany(documents.map((one) => shifted(one, shift)));
  }
  for (const key of snapshot.keys) await writeKey(ground, key);
  await writeFile(
    ground.journalPath,
    snapshot.journal.map((mail) => `${JSON.stringify(shifted(mail, shift))}\n`).join(''),
  );
}

async function writeKey({ redis, prefix }: Ground, key: RedisKey): Promise<void> {
  const name = `${prefix}${key.name}`;
  const all = redis.pipeline();
  if (key.type === 'string') all.set(name, key.value);
  else if (key.type === 'hash') all.hset(name, withoutPause(key.value));
  else if (key.type === 'set') for (const member of key.value) all.sadd(name, member);
  else if (key.type === 'zset') for (const [member, score] of key.value) all.zadd(name, score, member);
  // What was being worked on is handed out again, as BullMQ does it with stalled jobs after a while.
  else for (const member of key.value) all.rpush(name.replace(/:active$/, ':wait'), member);
  await all.exec();
}

function withoutPause({ paused: _, ...fields }: Readonly<Record<string, string>>): Record<string, string> {
  return fields;
}

/** Instants of the years 2020 to 2060, wherever they stand. */
const isInstant = (value: number) => value > 1_577_836_800_000 && value < 2_840_140_800_000;

/** The same with every instant moved. */
function shifted<T>(value: T, by: number): T {
  if (typeof value === 'number') return (isInstant(value) ? value + by : value) as T;
  if (value instanceof Date) return new Date(value.getTime() + by) as T;
  if (Array.isArray(value)) return value.map((one) => shifted(one, by)) as T;
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shifted(one, by)])) as T;
}
