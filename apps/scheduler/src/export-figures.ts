import { CAMPAIGN_STATUSES, CHANNEL_NAMES } from '@campaign-manager/core/schemas';
import {
  countBlockedConversations,
  countCampaigns,
  countDue,
  countUnknownMessages,
  oldestDueMs,
  openEscalations,
  pausedChannels,
} from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { queueDepths } from '@campaign-manager/queues';

/** Beyond it the horizon is only said to be large: counting costs MongoDB a look at each. */
const MOST_OF_HORIZON = 20_000;

/**
 * Shows the state of the whole system in the metrics, read from MongoDB and Redis when somebody scrapes. Every scheduler
 * shows the same.
 */
export function exportFigures({ store, producers, clock, config, metrics }: Ports): void {
  metrics.queueJobs.readAtScrape(async () =>
    (await queueDepths(producers)).map(({ queue, state, jobs }) => ({ labels: { queue, state }, value: jobs })),
  );
  metrics.oldestDueSeconds.readAtScrape(async () => one((await oldestDueMs(store, clock.now())) / 1000));
  metrics.horizonConversations.readAtScrape(async () =>
    one(await countDue(store, clock.now() + config.pollingIntervalMs, MOST_OF_HORIZON)),
  );
  metrics.messagesUnknown.readAtScrape(async () => one(await countUnknownMessages(store)));
  metrics.conversationsBlocked.readAtScrape(async () => one(await countBlockedConversations(store)));
  metrics.campaigns.readAtScrape(async () => {
    const counts = await countCampaigns(store);
    // Every status has its line from the first scrape on, that of no campaign as 0.
    return CAMPAIGN_STATUSES.map((status) => ({ labels: { status }, value: counts.get(status) ?? 0 }));
  });
  metrics.channelPaused.readAtScrape(async () => {
    const paused = await pausedChannels(store);
    return CHANNEL_NAMES.map((channel) => ({ labels: { channel }, value: paused.has(channel) ? 1 : 0 }));
  });
  metrics.escalationsOpen.readAtScrape(async () => one((await openEscalations(store)).count));
  metrics.oldestEscalationSeconds.readAtScrape(async () => {
    const { oldestAt } = await openEscalations(store);
    return one(oldestAt === null ? 0 : Math.max(0, clock.now() - oldestAt) / 1000);
  });
}

function one(value: number) {
  return [{ labels: {}, value }];
}
