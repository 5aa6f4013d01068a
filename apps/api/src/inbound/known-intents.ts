import { compileTemplate, knownIntents } from '@campaign-manager/core/engine';
import { loadCampaign, loadTemplate, NotFoundError, type Store } from '@campaign-manager/core/store';

/** The intents that the template of a campaign names; none where there is no such campaign. */
export type KnownIntents = (campaignId: string) => Promise<readonly string[]>;

const MAX_CACHED = 200;

/** A version of a template never changes, so that each is compiled once; a few are kept. */
export function createKnownIntents(store: Store): KnownIntents {
  const cache = new Map<string, readonly string[]>();
  return async (campaignId) => {
    const campaign = await loadCampaign(store, campaignId).catch(missingAsNull);
    if (!campaign) return [];
    const { template_id, template_version } = campaign;
    const id = `${template_id}/${template_version}`;
    const cached = cache.get(id);
    if (cached) return cached;
    const found = await loadTemplate(store, template_id, template_version ?? undefined);
    const intents = found ? knownIntents(compileTemplate(found.template, 1)) : [];
    if (template_version === null) return intents;
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(id, intents);
    return intents;
  };
}

function missingAsNull(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}
