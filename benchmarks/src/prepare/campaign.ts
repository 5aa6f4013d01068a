import type { CampaignDocument } from '@campaign-manager/core/models';
import { insertCampaign, type Store } from '@campaign-manager/core/store';
import { TEMPLATE } from './template.js';

/** A campaign that runs from this moment. */
export async function startCampaignNow(
  store: Store,
  id: string,
  more: Partial<CampaignDocument> = {},
): Promise<CampaignDocument> {
  const campaign = runningCampaign(id, await store.serverTime(), more);
  await insertCampaign(store, campaign);
  return campaign;
}

/** A campaign that was started at `now`. Pure. */
export function runningCampaign(id: string, now: number, more: Partial<CampaignDocument> = {}): CampaignDocument {
  return {
    _id: id,
    name: id,
    template_id: TEMPLATE._id,
    type: TEMPLATE.type,
    status: 'running',
    template_version: 1,
    delay_factor: 1,
    channel: 'log',
    delivery_policy: null,
    missing_variables: 'error',
    revision: 2,
    started_at: now,
    paused_at: null,
    paused_ms: 0,
    ended_at: null,
    start_at: null,
    end_at: null,
    conversation_states_initialized: true,
    initialize_cursor: '',
    open_imports: [],
    created_at: new Date(now),
    ...more,
  };
}
