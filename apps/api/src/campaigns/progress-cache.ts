import type { CampaignProgress } from '@campaign-manager/core/store';
import { jobIdPart } from '@campaign-manager/queues';
import type { ApiContext } from '../context.js';

/** Figures of a campaign as JSON has them. */
export type Figures = Omit<CampaignProgress, 'computed_at'> & { readonly computed_at: string | Date };

/**
 * Keeps the figures of campaigns in Redis for CAMPAIGN_METRICS_TTL_SECONDS, for every replica of the api; 0 keeps
 * none. Without Redis they are counted each time.
 */
export function createProgressCache({
  config,
  producers,
  logger,
}: Pick<ApiContext, 'config' | 'producers' | 'logger'>) {
  const keyOf = (id: string) => `${config.redisPrefix}:progress:${jobIdPart(id)}`;
  const redisAway = (error: unknown) => {
    logger.warn({ err: error }, 'Redis does not keep the figures of campaigns at the moment');
    return null;
  };

  return async (id: string, fresh: boolean, compute: () => Promise<CampaignProgress>): Promise<Figures> => {
    if (config.metricsTtlMs === 0) return compute();
    const kept = fresh ? null : await producers.redis.get(keyOf(id)).catch(redisAway);
    if (kept !== null) return JSON.parse(kept) as Figures;
    const figures = await compute();
    await producers.redis.set(keyOf(id), JSON.stringify(figures), 'PX', config.metricsTtlMs).catch(redisAway);
    return figures;
  };
}
