import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROW_STATUSES } from '../../../packages/core/src/models/documents.js';
import * as modelSchemas from '../../../packages/core/src/models/schemas.js';
import { CAMPAIGN_STATUSES } from '../../../packages/core/src/schemas/campaign.js';
import { RETRIES } from '../../../packages/queues/src/catalog.js';
import { CATALOG } from '../../../packages/runtime/src/config/catalog.js';
import { createMetrics } from '../../../packages/runtime/src/metrics/create-metrics.js';
import { REPAIR_KINDS } from '../../../packages/runtime/src/metrics/repair-kinds.js';
import { ROOT } from './pages.js';
import { readSourceCode, type SourceCode } from './source-code.js';

export interface Metric {
  readonly kind: string;
  readonly labels: readonly string[];
  /** What recording rules add. */
  readonly recorded: readonly string[];
}

/** What is used of a Mongoose schema. */
interface ModelSchema {
  get(option: 'collection'): unknown;
  readonly paths: Readonly<Record<string, { readonly instance: string }>>;
}

/** The real names that pages are compared with, from the sources themselves: packages do not export all of them. */
export interface Facts {
  readonly code: SourceCode;
  /** How often BullMQ tries the jobs of a queue. */
  readonly attempts: ReadonlyMap<string, number>;
  /** The values that a name such as `CampaignStatus` stands for. */
  readonly vocabularies: ReadonlyMap<string, readonly string[]>;
  /** Fields of each collection, with their kinds. */
  readonly collections: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Environment variables, with their defaults. */
  readonly variables: ReadonlyMap<string, unknown>;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly repairKinds: readonly string[];
  exists(path: string): boolean;
}

export function readFacts(): Facts {
  const code = readSourceCode();
  const union = (name: string) => code.unions.get(name) ?? [];
  return {
    code,
    attempts: new Map(Object.entries(RETRIES).map(([queue, { attempts }]) => [queue, attempts])),
    vocabularies: new Map([
      ['CampaignStatus', CAMPAIGN_STATUSES],
      ['RowStatus', ROW_STATUSES],
      ['ConversationStatus', union('ConversationStatus')],
      ['ConversationResult', union('ConversationResult')],
      ['ResponseStatus', union('ResponseStatus')],
    ]),
    collections: new Map(
      Object.values<ModelSchema>(modelSchemas as never).map((schema) => [
        String(schema.get('collection')),
        fieldsOf(schema),
      ]),
    ),
    variables: new Map(
      Object.values(CATALOG).map((variable) => [variable.name, 'default' in variable ? variable.default : undefined]),
    ),
    metrics: readMetrics(),
    repairKinds: REPAIR_KINDS,
    exists: (path) => existsSync(join(ROOT, path)),
  };
}

const KINDS: Readonly<Record<string, string>> = { Mixed: 'object' };

function fieldsOf(schema: ModelSchema): Map<string, string> {
  return new Map(
    Object.entries(schema.paths).map(([name, { instance }]) => [name, KINDS[instance] ?? instance.toLowerCase()]),
  );
}

const RULES = 'helm/campaign-manager/files/rules.yaml';

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly record?: string; readonly labels?: object }[];
  }[];
}

/** The labels that a recording rule adds to what it records. */
function recordedLabels(): Map<string, readonly string[]> {
  const { groups }: Rules = parse(readFileSync(join(ROOT, RULES), 'utf8'));
  return new Map(
    groups
      .flatMap(({ rules }) => rules)
      .flatMap(({ record, labels = {} }) => (record === undefined ? [] : [[record, Object.keys(labels)]])),
  );
}

function readMetrics(): Map<string, Metric> {
  const recorded = recordedLabels();
  const { registry } = createMetrics({ enableMetrics: false });
  return new Map(
    registry.getMetricsAsArray().map((metric) => {
      const {
        name,
        type,
        labelNames = [],
      } = metric as unknown as { name: string; type: string; labelNames?: string[] };
      return [
        name,
        { kind: type ?? metric.constructor.name.toLowerCase(), labels: labelNames, recorded: recorded.get(name) ?? [] },
      ];
    }),
  );
}
