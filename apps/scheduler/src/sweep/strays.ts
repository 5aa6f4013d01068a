import { findCampaigns, strayCampaigns } from '@campaign-manager/core/store';
import { closeJob } from '@campaign-manager/queues';
import type { SweepStep } from './step.js';

const LIMIT = 50;

/**
 * What is still open of campaigns that have ended: nobody polls those. A worker closes it, and counts what it closed.
 * A campaign that is not there at all cannot be closed, so each sweep goes on where the one before ended.
 */
export const sweepStrays: SweepStep = async ({ store, producers }, { campaigns, memory }) => {
  const live = campaigns.map(({ _id }) => _id);
  const ids = await memory
    .list<string>('strays')
    .next((after, limit) => strayCampaigns(store, live, limit, after), LIMIT);
  const ended = (await findCampaigns(store, ids)).filter(({ ended_at }) => ended_at !== null);
  await producers.add(
    'campaigns',
    ended.map(({ _id }) => closeJob(_id)),
  );
};
