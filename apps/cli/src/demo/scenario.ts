import { readFile } from 'node:fs/promises';
import type { CampaignInput, CampaignTemplate } from '@campaign-manager/core/schemas';
import { type Person, salesAudience, supportAudience } from './audience.js';

/** One campaign of the demo: two documents of `examples/` and the people it talks with. */
export interface Scenario {
  readonly template: CampaignTemplate;
  readonly campaign: CampaignInput;
  readonly people: readonly Person[];
}

/** Reads both example campaigns; their people follow from the seed. `examples` is the folder of the documents. */
export async function loadScenarios(examples: URL, seed: number): Promise<readonly Scenario[]> {
  return Promise.all([
    load(examples, 'sales-outreach', 'sales-spring', salesAudience(seed)),
    load(examples, 'support-follow-up', 'support-march', supportAudience(seed)),
  ]);
}

async function load(examples: URL, template: string, campaign: string, people: readonly Person[]): Promise<Scenario> {
  return {
    template: await readJson<CampaignTemplate>(new URL(`templates/${template}.json`, examples)),
    campaign: await readJson<CampaignInput>(new URL(`campaigns/${campaign}.json`, examples)),
    people,
  };
}

/** The api validates what is posted; here the documents are only ours. */
async function readJson<T>(file: URL): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}
