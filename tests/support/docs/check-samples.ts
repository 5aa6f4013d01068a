import { type LocatedFault, parseText } from '@campaign-manager/core/documents';
import { compileCondition, compileText } from '@campaign-manager/core/engine';
import { type CampaignTemplate, checkCampaign, checkTemplate, type Fault } from '@campaign-manager/core/schemas';
import { loadConfig } from '../../../packages/runtime/src/config/load-config.js';
import type { Page } from './pages.js';

/** What the validators and the configuration say of the JSON and YAML samples of a page. */
export function sampleFaults({ path, blocks }: Page): string[] {
  const samples = blocks.filter(({ lang }) => lang === 'json' || lang === 'yaml');
  const read = samples.map(({ lang, text }) => ({ lang, document: parseText(text, lang as 'json' | 'yaml') }));
  const values = read.flatMap(({ lang, document }) => (document.ok ? [{ lang, value: document.value as Value }] : []));
  const templates = new Map(
    values
      .filter(({ value }) => 'stages' in value)
      .map(({ value }) => [value['_id'], value as unknown as CampaignTemplate]),
  );
  return [
    ...read.flatMap(({ document }) => (document.ok ? [] : document.faults.map(tell))),
    ...values.flatMap(({ lang, value }) => (lang === 'json' ? documentFaults(value, templates) : settingFaults(value))),
  ].map((fault) => `${path}: ${fault}`);
}

type Value = { readonly [name: string]: unknown };

function documentFaults(value: Value, templates: ReadonlyMap<unknown, CampaignTemplate>): string[] {
  if ('stages' in value) return checkTemplate(value, CHECKS).faults.map(tell);
  if ('progression_rules' in value) return checkTemplate(stageWith(value), CHECKS).faults.map(tell);
  const template = templates.get(value['template_id']);
  if (!template) return ['a sample is neither a template, nor rules, nor a campaign of a template of the page'];
  return checkCampaign(value, template).faults.map(tell);
}

const CHECKS = {
  condition: (source: string) => messageOf(compileCondition(source)),
  text: (source: string) => messageOf(compileText(source)),
};

function messageOf(result: { readonly ok: true } | { readonly ok: false; readonly message: string }): string | null {
  return result.ok ? null : result.message;
}

/** Rules of a stage stand in a template with one message that is followed up daily. */
function stageWith(rules: Value): Value {
  const timing = { max_follow_ups: 3, follow_up_delay_hours: 24 };
  return {
    _id: 't',
    name: 'T',
    type: 'sales',
    stages: { only: { messages: [{ template: 'Hello', timing }], ...rules } },
  };
}

/** Wherever a YAML sample sets variables of ours: at its top, in a Compose file, in the values of the chart. */
function settingFaults(value: Value): string[] {
  const services = Object.values((value['services'] ?? {}) as Record<string, Value>);
  const places = [value, value['config'], value['data'], ...services.map(({ environment }) => environment)];
  return places.filter(isSettings).flatMap((settings) => {
    const env = Object.entries(settings).filter(([name]) => VARIABLE.test(name));
    try {
      return loadConfig(Object.fromEntries(env.map(([name, setting]) => [name, String(setting)]))).warnings;
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

const VARIABLE = /^[A-Z][A-Z0-9_]+$/;

function isSettings(place: unknown): place is Value {
  return typeof place === 'object' && place !== null && Object.keys(place).some((name) => VARIABLE.test(name));
}

function tell({ path, message }: Fault | LocatedFault): string {
  return `${path}: ${message}`;
}
