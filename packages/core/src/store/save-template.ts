import type { TemplateDocument } from '../models/documents.js';
import type { CampaignTemplate } from '../schemas/template.js';
import type { Store } from './connect-store.js';
import { driver } from './connect-store.js';
import { isDuplicateKey } from './errors.js';

/**
 * Stores a template as a new version, unless it equals the latest one. A version never changes.
 * `created` tells whether a version was added.
 */
export async function saveTemplate(
  store: Store,
  template: CampaignTemplate,
  now: Date,
): Promise<{ readonly document: TemplateDocument; readonly created: boolean }> {
  for (;;) {
    const latest = await loadTemplate(store, template._id);
    if (latest && JSON.stringify(latest.template) === JSON.stringify(template))
      return { document: latest, created: false };
    const version = (latest?.version ?? 0) + 1;
    const document = {
      _id: `${template._id}/${version}`,
      template_id: template._id,
      version,
      template,
      created_at: now,
    };
    try {
      await driver(store.templates).insertOne(document);
      return { document, created: true };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error; // somebody else took this version: look again
    }
  }
}

/** One version of a template, or the latest; null where there is none. */
export function loadTemplate(store: Store, id: string, version?: number): Promise<TemplateDocument | null> {
  const filter = version === undefined ? { template_id: id } : { template_id: id, version };
  return driver(store.templates).findOne(filter, { sort: { version: -1 } }) as Promise<TemplateDocument | null>;
}

/** The latest version of every template, by id. */
export function listTemplates(store: Store, after: string, limit: number): Promise<TemplateDocument[]> {
  return driver(store.templates)
    .aggregate<TemplateDocument>([
      { $match: { template_id: { $gt: after } } },
      { $sort: { template_id: 1, version: -1 } },
      { $group: { _id: '$template_id', latest: { $first: '$$ROOT' } } },
      { $sort: { _id: 1 } },
      { $limit: limit },
      { $replaceRoot: { newRoot: '$latest' } },
    ])
    .toArray();
}
