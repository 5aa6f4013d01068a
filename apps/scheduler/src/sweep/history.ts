import type { CampaignDocument } from '@campaign-manager/core/models';
import { campaignsToEmpty, needsItsHistory, removeHistory } from '@campaign-manager/core/store';
import type { SweepStep } from './step.js';

/** Campaigns looked at in one sweep. */
const CAMPAIGNS = 10;
/** Documents in one page, and pages in one sweep: what is removed never keeps what is due waiting for long. */
const PAGE = 1000;
const PAGES = 20;
const DAY_MS = 86_400_000;

const START = { list: 0, after: '' };

/** Removes the history of campaigns that ended long ago, where HISTORY_RETENTION_DAYS says so (docs/retention.md). */
export const sweepHistory: SweepStep = async ({ store, config, logger }, { now, memory }) => {
  if (config.historyRetentionDays === 0) return;
  const before = now - config.historyRetentionDays * DAY_MS;
  const found = await memory
    .list<Pick<CampaignDocument, '_id' | 'ended_at'>>('history')
    .next((after, limit) => campaignsToEmpty(store, before, limit, after), CAMPAIGNS);
  let pages = PAGES;
  for (const { _id } of found) {
    if (await needsItsHistory(store, _id)) continue;
    let place = memory.removals.get(_id) ?? START;
    for (; pages > 0; pages--) {
      const next = await removeHistory(store, _id, place, PAGE, now);
      if (next === null) {
        memory.removals.delete(_id);
        logger.info({ campaign_id: _id }, 'The history of a campaign was removed');
        break;
      }
      place = next;
      memory.removals.set(_id, place);
    }
  }
};
