import { type CompiledTemplate, compileTemplate } from '@campaign-manager/core/engine';
import type { CampaignDocument } from '@campaign-manager/core/models';
import { loadTemplate, NotFoundError, type Store } from '@campaign-manager/core/store';

/** Compiled templates, kept because a version never changes. */
export interface Templates {
  /** @throws NotFoundError where the campaign's pinned version does not exist. */
  of(campaign: CampaignDocument): Promise<CompiledTemplate>;
}

const KEPT = 200;

export function createTemplates(store: Store): Templates {
  const compiled = new Map<string, CompiledTemplate>();
  return {
    of: async (campaign) => {
      const { template_id, template_version, delay_factor } = campaign;
      const key = `${template_id}/${template_version}@${delay_factor}`;
      const known = compiled.get(key);
      if (known) return known;
      const document = await loadTemplate(store, template_id, template_version ?? undefined);
      if (!document) throw new NotFoundError('template', `${template_id}/${template_version}`);
      const fresh = compileTemplate(document.template, delay_factor ?? 1);
      const oldest = compiled.keys().next();
      if (compiled.size >= KEPT && !oldest.done) compiled.delete(oldest.value);
      compiled.set(key, fresh);
      return fresh;
    },
  };
}
