import type { ChannelDocument } from '../models/documents.js';
import { CHANNEL_NAMES, type ChannelName } from '../schemas/campaign.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { ConflictError, isDuplicateKey } from './errors.js';

/** Who pauses or resumes a channel, why and when (MongoDB's milliseconds). */
export interface ChannelChange {
  readonly by: string;
  readonly reason?: string;
  readonly now: number;
}

/** Every channel that somebody has paused or resumed once. */
export function loadChannels(store: Store): Promise<ChannelDocument[]> {
  return driver(store.channels)
    .find({ _id: { $in: [...CHANNEL_NAMES] } })
    .toArray() as Promise<ChannelDocument[]>;
}

/** Null where nobody has paused it yet. */
export function loadChannel(store: Store, name: ChannelName): Promise<ChannelDocument | null> {
  return driver(store.channels).findOne({ _id: name }) as Promise<ChannelDocument | null>;
}

/** The channels over which nothing is sent now. */
export async function pausedChannels(store: Store): Promise<Set<ChannelName>> {
  const channels = await loadChannels(store);
  return new Set(channels.filter(({ status }) => status === 'paused').map(({ _id }) => _id));
}

/**
 * Stops a channel for all workers: what they have begun ends by itself, what they have not begun waits.
 * @throws ConflictError where it is paused already.
 */
export async function pauseChannel(store: Store, name: ChannelName, change: ChannelChange): Promise<ChannelDocument> {
  const paused = await pauseIfActive(store, name, change);
  if (paused) return paused;
  throw new ConflictError(`The channel '${name}' is paused already.`);
}

/** As `pauseChannel`; null where somebody else was faster. */
export async function pauseIfActive(
  store: Store,
  name: ChannelName,
  { by, reason, now }: ChannelChange,
): Promise<ChannelDocument | null> {
  const set = { status: 'paused' as const, since: now, by, ...(reason !== undefined && { reason }) };
  try {
    return (await driver(store.channels).findOneAndUpdate(
      { _id: name, status: { $ne: 'paused' } },
      { $set: set, ...(reason === undefined && { $unset: { reason: '' } }) } as never,
      { upsert: true, returnDocument: 'after' },
    )) as ChannelDocument | null;
  } catch (error) {
    if (isDuplicateKey(error)) return null; // there is one, and it is paused
    throw error;
  }
}

/**
 * Lets a channel be used again; what has waited for it goes out from the next poll on.
 * @throws ConflictError where it is not paused.
 */
export async function resumeChannel(
  store: Store,
  name: ChannelName,
  { by, now }: Omit<ChannelChange, 'reason'>,
): Promise<ChannelDocument> {
  const resumed = (await driver(store.channels).findOneAndUpdate(
    { _id: name, status: 'paused' },
    { $set: { status: 'active', since: now, by }, $unset: { reason: '' } } as never,
    { returnDocument: 'after' },
  )) as ChannelDocument | null;
  if (resumed) return resumed;
  throw new ConflictError(`The channel '${name}' is not paused.`);
}
