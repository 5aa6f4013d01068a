import type { CampaignDocument } from '@campaign-manager/core/models';
import type { CampaignProgress } from '@campaign-manager/core/store';
import { jobIdPart } from '@campaign-manager/queues';
import type { ApiContext } from '../context.js';

/** Figures of a campaign as JSON has them. */
export type Figures = Omit<CampaignProgress, 'computed_at'> & { readonly computed_at: string | Date };

/** What tells one state of a campaign from the next: whoever changes its status counts its revision up. */
type State = Pick<CampaignDocument, '_id' | 'revision' | 'conversation_states_initialized'>;

/**
 * Keeps the figures of campaigns in Redis for CAMPAIGN_METRICS_TTL_SECONDS, for every replica of the api; 0 keeps
 * none. Without Redis they are counted each time. The key names the state of the campaign, so that a status never stands
 * beside figures from before it, whichever app changed it.
 */
export function createProgressCache({
  config,
  producers,
  logger,
}: Pick<ApiContext, 'config' | 'producers' | 'logger'>) {
  const keyOf = ({ _id, revision, conversation_states_initialized: whole }: State) =>
    `${config.redisPrefix}:progress:${jobIdPart(_id)}:${revision}:${whole ? 'whole' : 'filling'}`;
  const redisAway = (error: unknown) => {
    logger.warn({ err: error }, 'Redis does not keep the figures of campaigns at the moment');
    return null;
  };

  return async (state: State, fresh: boolean, compute: () => Promise<CampaignProgress>): Promise<Figures> => {
    if (config.metricsTtlMs === 0) return compute();
    const key = keyOf(state);
    const kept = fresh ? null : await producers.redis.get(key).catch(redisAway);
    if (kept !== null) return JSON.parse(kept) as Figures;
    const figures = await compute();
    await producers.redis.set(key, JSON.stringify(figures), 'PX', config.metricsTtlMs).catch(redisAway);
    return figures;
  };
}
