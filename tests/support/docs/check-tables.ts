import type { Facts, Metric } from './facts.js';
import type { Cell, Page, Table } from './pages.js';

/** What is wrong in tables whose head says that they list names or values of the code. */
export function tableFaults({ path, tables }: Page, facts: Facts): string[] {
  return tables
    .flatMap((table) => CHECKS.flatMap(({ head, check }) => (matches(table, head) ? check(table, facts) : [])))
    .map((fault) => `${path}: ${fault}`);
}

/** Tables by the beginning of their heads. */
const CHECKS: readonly {
  readonly head: readonly string[];
  readonly check: (table: Table, facts: Facts) => string[];
}[] = [
  { head: ['queue', 'job', 'tries'], check: jobFaults },
  { head: ['variable', 'default'], check: defaultFaults },
  { head: ['metric', 'kind', 'labels'], check: metricFaults },
  { head: ['status of', 'values'], check: statusFaults },
  { head: ['`status`'], check: valuesOf('ConversationStatus') },
  { head: ['`result`'], check: valuesOf('ConversationResult') },
  { head: ['result', 'reason', 'when'], check: valuesOf('ConversationResult') },
  { head: ['the process dies'], check: repairFaults },
  { head: ['left behind'], check: repairFaults },
];

function matches({ head }: Table, beginning: readonly string[]): boolean {
  return beginning.every((title, i) => head[i] === title);
}

function jobFaults({ rows }: Table, { code, attempts }: Facts): string[] {
  const listed = rows.map(([queue, job, tries]) => `${only(queue)}.${only(job)} ${tries?.text}`);
  const real = [...code.jobs].flatMap(([queue, names]) =>
    names.map((name) => `${queue}.${name} ${attempts.get(queue)}`),
  );
  return [
    ...listed.filter((job) => !real.includes(job)).map((job) => `the catalogue has no job ${job}`),
    ...real.filter((job) => !listed.includes(job)).map((job) => `the table of jobs lacks ${job}`),
  ];
}

/** Defaults that a page tells in words are left alone. */
function defaultFaults({ rows }: Table, { variables }: Facts): string[] {
  return rows.flatMap(([variable, value]) => {
    const [name, told, real] = [only(variable), only(value), String(variables.get(only(variable)))];
    const isPlain = /^(?:[\d.]+|true|false)$/.test(told);
    return !isPlain || !variables.has(name) || told === real ? [] : [`the default of ${name} is ${real}, not ${told}`];
  });
}

function metricFaults({ rows }: Table, { metrics }: Facts): string[] {
  return rows.flatMap(([name, kind, labels]) => {
    const metric: Metric | undefined = metrics.get(only(name));
    if (!metric) return []; // told where mentions are checked
    const real = `${metric.kind} of ${metric.labels.join(', ')}`;
    const told = `${kind?.text} of ${labels?.spans.join(', ')}`;
    return told === real ? [] : [`${only(name)} is a ${real}, not a ${told}`];
  });
}

/** What has a status: its collection, and the vocabulary where there is one. */
const STATUSES: Readonly<Record<string, string>> = {
  campaigns: 'CampaignStatus',
  conversation_states: 'ConversationStatus',
  messages: 'RowStatus',
  responses: 'ResponseStatus',
};

function statusFaults({ rows }: Table, { vocabularies }: Facts): string[] {
  return rows.flatMap(([collection, values]) => {
    const real = vocabularies.get(STATUSES[only(collection)] ?? '');
    if (!real) return [];
    const told = values?.spans ?? [];
    return [...told].sort().join() === [...real].sort().join() ? [] : [`${only(collection)} can be ${real.join(', ')}`];
  });
}

function valuesOf(vocabulary: string): (table: Table, facts: Facts) => string[] {
  return ({ rows }, { vocabularies }) =>
    rows
      .flatMap(([first]) => first?.spans ?? [])
      .filter((value) => !vocabularies.get(vocabulary)?.includes(value))
      .map((value) => `${value} is no ${vocabulary}`);
}

/** Their last column is the kind of a repair. */
function repairFaults({ rows }: Table, { repairKinds }: Facts): string[] {
  return rows
    .flatMap((row) => row.at(-1)?.spans ?? [])
    .filter((kind) => !repairKinds.includes(kind))
    .map((kind) => `${kind} is no kind of repair`);
}

function only(cell: Cell | undefined): string {
  return cell?.spans[0] ?? cell?.text ?? '';
}
