import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const FILES = join(__dirname, '../../helm/campaign-manager/files');
export const RULES_FILE = join(FILES, 'rules.yaml');

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export type AlertRule = Rule & { readonly alert: string };

export interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly Panel[];
}

/** Every rule that the chart and Compose give to Prometheus. */
export function rules(): readonly Rule[] {
  const { groups } = parse(readFileSync(RULES_FILE, 'utf8')) as { groups: readonly { rules: Rule[] }[] };
  return groups.flatMap((group) => group.rules);
}

export function alertRules(): readonly AlertRule[] {
  return rules().filter((rule): rule is AlertRule => rule.alert !== undefined);
}

/** Every dashboard that they give to Grafana, by its file. */
export function dashboards(): readonly (readonly [file: string, dashboard: Dashboard])[] {
  const folder = join(FILES, 'dashboards');
  return readdirSync(folder)
    .sort()
    .map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as Dashboard]);
}
