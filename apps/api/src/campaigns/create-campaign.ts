import { randomUUID } from 'node:crypto';
import { lintCampaign } from '@campaign-manager/core/lint';
import type { CampaignDocument, TemplateDocument } from '@campaign-manager/core/models';
import { type CampaignInput, campaignRules, validateCampaign } from '@campaign-manager/core/schemas';
import {
  addAudienceMembers,
  audit,
  closeImport,
  insertCampaign,
  loadTemplate,
  renewImport,
} from '@campaign-manager/core/store';
import type { ApiContext } from '../context.js';
import { firstFaults } from '../imports/check-list.js';
import { checkedValue, invalidDocument } from '../problems/api-error.js';
import { IMPORT_LEASE_MS } from './import-lease.js';
import { checkBeforeLaunch, type Launched, launchChecked, planLaunch, unknownTemplate } from './launch.js';
import { listedPages } from './members.js';
import { unknownRecipients } from './unknown-recipients.js';

/**
 * Stores a posted campaign as a draft with its audience, and launches it if it is posted as `scheduled`. Everything is
 * checked before anything is written, and the launch is the last write: a crash in between leaves a draft, and an open
 * import keeps others from launching it half filled.
 * @throws ApiError `invalid_document` or `missing_variables`, ConflictError where the id is taken.
 */
export async function createCampaign(context: ApiContext, body: unknown, by: string): Promise<Launched> {
  const input = checkedValue(validateCampaign(body));
  const template = await checkReferences(context, input);
  const campaign = newCampaign(context, input, template);
  const scheduled = input.status === 'scheduled';
  const ids = input.recipients ?? [];
  const plan = planLaunch(context, template);
  const checks = scheduled
    ? await checkBeforeLaunch(context, campaign, plan, listedPages(campaign._id, ids))
    : { missing: [], warnings: [] };
  await storeDraft(context, campaign, ids);
  await audit(context.store, {
    at: new Date(context.clock.now()),
    by,
    action: 'campaign.create',
    target: campaign._id,
    detail: { recipients: ids.length },
  });
  const warnings = [...lintCampaign(input, context.clock.now()), ...checks.warnings];
  return {
    missing: checks.missing,
    warnings,
    campaign: scheduled ? await launchChecked(context, campaign._id, plan, by) : campaign,
  };
}

/** What can only be said beside other documents: template, stage and recipients exist. */
async function checkReferences({ store }: ApiContext, input: CampaignInput): Promise<TemplateDocument> {
  const { template_id, recipients = [] } = input;
  const [template, unknown] = await Promise.all([
    loadTemplate(store, template_id),
    unknownRecipients(store, recipients, (index) => `$.recipients[${index}]`),
  ]);
  const faults = [
    ...(template ? [] : [unknownTemplate(template_id)]),
    ...campaignRules(input, template?.template),
    ...unknown.map(({ index: _index, ...fault }) => fault),
  ];
  if (!template || faults.length > 0) throw invalidDocument(firstFaults(faults));
  return template;
}

function newCampaign({ config, clock }: ApiContext, input: CampaignInput, { template }: TemplateDocument) {
  const { status: _status, recipients: _recipients, created_at, ...given } = input;
  const { start_date, end_date } = input.schedule ?? {};
  const campaign: CampaignDocument = {
    ...given,
    type: input.type ?? template.type,
    status: 'draft',
    template_version: null,
    delay_factor: null,
    channel: input.channel ?? config.defaultChannel,
    delivery_policy: input.delivery_policy ?? null,
    missing_variables: input.missing_variables ?? 'error',
    revision: 0,
    started_at: null,
    paused_at: null,
    paused_ms: 0,
    ended_at: null,
    start_at: start_date === undefined ? null : Date.parse(start_date),
    end_at: end_date === undefined ? null : Date.parse(end_date),
    conversation_states_initialized: false,
    initialize_cursor: '',
    open_imports: [],
    created_at: new Date(created_at ?? clock.now()),
  };
  return campaign;
}

const CHUNK = 5000;

async function storeDraft({ store, clock }: ApiContext, campaign: CampaignDocument, ids: readonly string[]) {
  const lease = randomUUID();
  const until = () => clock.now() + IMPORT_LEASE_MS;
  await insertCampaign(store, { ...campaign, open_imports: [{ id: lease, until: until() }] });
  for (let start = 0; start < ids.length; start += CHUNK) {
    if (start > 0) await renewImport(store, campaign._id, lease, until());
    const members = ids.slice(start, start + CHUNK).map((recipient_id) => ({ recipient_id, context: {} }));
    await addAudienceMembers(store, campaign._id, members);
  }
  await closeImport(store, campaign._id, lease);
}
