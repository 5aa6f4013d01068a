import type { WorkerContext } from '../context.js';
import type { Delivery } from './delivery.js';

/** Thrown when a campaign's channel is not configured in this worker: nothing is claimed, the batch stays open. */
export class ChannelMissingError extends Error {
  override readonly name = 'ChannelMissingError';

  constructor(channel: string) {
    super(`The ${channel} channel is not configured in this worker.`);
  }
}

/** Hands messages to the dispatchers of their channels, and waits until every attempt is over. */
export async function deliverAll(context: WorkerContext, deliveries: readonly Delivery[]): Promise<void> {
  const channels = new Set(deliveries.map(({ campaign }) => campaign.channel));
  await Promise.all(
    [...channels].map((name) => {
      const dispatcher = context.dispatchers.get(name);
      if (!dispatcher) throw new ChannelMissingError(name);
      return dispatcher.submit(deliveries.filter(({ campaign }) => campaign.channel === name));
    }),
  );
}
