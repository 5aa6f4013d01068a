import { readFile } from 'node:fs/promises';
import type { CampaignInput, CampaignTemplate } from '@campaign-manager/core/schemas';
import { type Person, salesAudience, supportAudience } from './audience.js';

/** One campaign of the demo: two documents of `examples/` and the people it talks with. */
export interface Scenario {
  readonly template: CampaignTemplate;
  readonly campaign: CampaignInput;
  readonly people: readonly Person[];
  /** Launched so many hours after the demo began. */
  readonly start_hours: number;
}

/**
 * One day between the launches: so that both do not want everything at once, and that an accident in the middle of the
 * one does not strike a follow-up of the other, whose loss could not be made up for before its deadline.
 */
const SUPPORT_START_HOURS = 24;

/** Reads both example campaigns; their people follow from the seed. `examples` is the folder of the documents. */
export async function loadScenarios(examples: URL, seed: number): Promise<readonly Scenario[]> {
  return Promise.all([
    load(examples, 'sales-outreach', 'sales-spring', salesAudience(seed), 0),
    load(examples, 'support-follow-up', 'support-march', supportAudience(seed), SUPPORT_START_HOURS),
  ]);
}

async function load(
  examples: URL,
  template: string,
  campaign: string,
  people: readonly Person[],
  start_hours: number,
): Promise<Scenario> {
  return {
    template: await readJson<CampaignTemplate>(new URL(`templates/${template}.json`, examples)),
    campaign: await readJson<CampaignInput>(new URL(`campaigns/${campaign}.json`, examples)),
    people,
    start_hours,
  };
}

/** The api validates what is posted; here the documents are only ours. */
async function readJson<T>(file: URL): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}
