import { askedNumber, compileTemplate, knownIntents } from '@campaign-manager/core/engine';
import { loadCampaign, loadTemplate, NotFoundError, type Store } from '@campaign-manager/core/store';
import type { ExpectedAnswers } from '@campaign-manager/mail';

/** What the template of a campaign asks for; nothing where there is no such campaign. */
export type ExpectedAnswersOf = (campaignId: string) => Promise<ExpectedAnswers>;

const MAX_CACHED = 200;
const NOTHING: ExpectedAnswers = { intents: [], number: null };

/** A version of a template never changes, so that each is compiled once; a few are kept. */
export function createExpectedAnswers(store: Store): ExpectedAnswersOf {
  const cache = new Map<string, ExpectedAnswers>();
  return async (campaignId) => {
    const campaign = await loadCampaign(store, campaignId).catch(missingAsNull);
    if (!campaign) return NOTHING;
    const { template_id, template_version } = campaign;
    const id = `${template_id}/${template_version}`;
    const cached = cache.get(id);
    if (cached) return cached;
    const found = await loadTemplate(store, template_id, template_version ?? undefined);
    const template = found && compileTemplate(found.template, 1);
    const expected = template ? { intents: knownIntents(template), number: askedNumber(template) } : NOTHING;
    if (template_version === null) return expected;
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(id, expected);
    return expected;
  };
}

function missingAsNull(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}
