import { type CompiledTemplate, compileTemplate } from '@campaign-manager/core/engine';
import { lintCampaign } from '@campaign-manager/core/lint';
import type { CampaignDocument, TemplateDocument } from '@campaign-manager/core/models';
import { campaignRules } from '@campaign-manager/core/schemas';
import { audit, ConflictError, launchCampaign, loadCampaign, loadTemplate } from '@campaign-manager/core/store';
import type { ApiContext } from '../context.js';
import { addInitialize } from '../jobs.js';
import { ApiError, invalidDocument } from '../problems/api-error.js';
import { audiencePages } from './members.js';
import { type Member, type Preflight, preflight } from './preflight.js';

export interface Launched extends Pick<Preflight, 'missing' | 'warnings'> {
  readonly campaign: CampaignDocument;
}

/** The version of a template that a campaign would be launched with now. */
export interface LaunchPlan {
  readonly version: number;
  readonly delayFactor: number;
  readonly compiled: CompiledTemplate;
}

/**
 * Launches a draft with its stored audience. Refuses one whose end has passed, since nothing of it would be sent: whoever
 * launches by hand wants to send. A campaign that is posted as `scheduled` gets a warning instead.
 * @throws ApiError `invalid_document` or `missing_variables`, NotFoundError, ConflictError; nothing was changed then.
 */
export async function launch(context: ApiContext, id: string, by: string): Promise<Launched> {
  const campaign = await loadCampaign(context.store, id);
  if (campaign.status !== 'draft') {
    throw new ConflictError(`Campaign '${id}' is ${campaign.status}; only one that is draft can be launched.`);
  }
  const template = await loadTemplate(context.store, campaign.template_id);
  if (!template) throw invalidDocument([unknownTemplate(campaign.template_id)]);
  refuseUnknownStage(campaign, template);
  const passed = lintCampaign(campaign, context.clock.now());
  if (passed.length > 0) throw invalidDocument(passed);
  const plan = planLaunch(context, template);
  const checks = await checkBeforeLaunch(context, campaign, plan, audiencePages(context.store, id));
  return { ...checks, campaign: await launchChecked(context, id, plan, by) };
}

export function planLaunch(
  { config }: Pick<ApiContext, 'config'>,
  { version, template }: TemplateDocument,
): LaunchPlan {
  const delayFactor = config.stageDelayFactor;
  return { version, delayFactor, compiled: compileTemplate(template, delayFactor) };
}

/**
 * Refuses an empty audience, and one that lacks variables, where the campaign's policy does not let them be empty.
 * @throws ApiError `invalid_document`, `missing_variables`
 */
export async function checkBeforeLaunch(
  { store }: Pick<ApiContext, 'store'>,
  campaign: Parameters<typeof preflight>[1],
  { compiled }: LaunchPlan,
  pages: AsyncIterable<readonly Member[]>,
): Promise<Pick<Preflight, 'missing' | 'warnings'>> {
  const { audience, missing, warnings } = await preflight(store, campaign, compiled, pages);
  if (audience === 0) {
    const expected = 'at least one recipient';
    const message = `The audience is empty: expected ${expected}, listed in \`recipients\` or added to the audience.`;
    throw invalidDocument([{ path: '$.recipients', message, expected }]);
  }
  if (missing.length > 0 && campaign.missing_variables === 'error') {
    const names = missing.map(({ variable }) => variable).join(', ');
    const detail = `Some recipients have no value for: ${names}. Nothing was changed.`;
    throw new ApiError('missing_variables', detail, { members: { missing, warnings } });
  }
  return { missing, warnings };
}

/** Launches a draft that passed its checks, and begins to initialise it where its start has come. */
export async function launchChecked(
  context: ApiContext,
  id: string,
  { version, delayFactor }: LaunchPlan,
  by: string,
): Promise<CampaignDocument> {
  const { store, clock } = context;
  const now = clock.now();
  const campaign = await launchCampaign(store, id, { template_version: version, delay_factor: delayFactor }, now);
  await audit(store, {
    at: new Date(now),
    by,
    action: 'campaign.launch',
    target: id,
    detail: { template_version: version, delay_factor: delayFactor, status: campaign.status },
  });
  if (campaign.status === 'running') await addInitialize(context, campaign);
  return campaign;
}

export function unknownTemplate(id: string) {
  const expected = 'the id of a stored template';
  return { path: '$.template_id', message: `There is no template \`${id}\`.`, found: id, expected };
}

/** The template may have a newer version than when the campaign was posted. */
function refuseUnknownStage(campaign: CampaignDocument, { template }: TemplateDocument): void {
  const { _id, name, template_id, initial_stage } = campaign;
  const faults = campaignRules(
    { _id, name, template_id, ...(initial_stage !== undefined && { initial_stage }) },
    template,
  );
  if (faults.length > 0) throw invalidDocument(faults);
}
