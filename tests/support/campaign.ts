import type { Variables } from '@campaign-manager/core/engine';
import type { CampaignDocument } from '@campaign-manager/core/models';
import type { CampaignTemplate, Recipient } from '@campaign-manager/core/schemas';
import {
  addAudienceMembers,
  insertCampaign,
  launchCampaign,
  type Store,
  saveRecipients,
  saveTemplate,
} from '@campaign-manager/core/store';

/** A campaign that is a draft until it is launched, with everything that a test does not care about. */
export function draftCampaign(
  id: string,
  template: CampaignTemplate,
  more: Partial<CampaignDocument> = {},
): CampaignDocument {
  return {
    _id: id,
    name: id,
    template_id: template._id,
    type: template.type,
    status: 'draft',
    template_version: null,
    delay_factor: null,
    channel: 'email',
    delivery_policy: null,
    missing_variables: 'error',
    revision: 1,
    started_at: null,
    paused_at: null,
    paused_ms: 0,
    ended_at: null,
    start_at: null,
    end_at: null,
    conversation_states_initialized: false,
    initialize_cursor: '',
    open_imports: [],
    created_at: new Date(),
    ...more,
  };
}

/** Stores template, recipients and audience, with contexts by recipient, and launches the campaign with a delay factor. */
export async function launch(
  store: Store,
  template: CampaignTemplate,
  campaign: CampaignDocument,
  recipients: readonly Recipient[],
  factor: number,
  contexts: Readonly<Record<string, Variables>> = {},
): Promise<void> {
  const { document } = await saveTemplate(store, template, new Date());
  await insertCampaign(store, campaign);
  await saveRecipients(store, recipients);
  await addAudienceMembers(
    store,
    campaign._id,
    recipients.map(({ _id }) => ({ recipient_id: _id, context: contexts[_id] ?? {} })),
  );
  const pins = { template_version: document.version, delay_factor: factor };
  await launchCampaign(store, campaign._id, pins, await store.serverTime());
}
