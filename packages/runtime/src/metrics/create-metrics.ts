import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Config } from '../config/config.js';
import { atScrape, type FigureReader } from './at-scrape.js';
import { type Definition, METRICS, PREFIX } from './catalogue.js';
import { createLabelLimit } from './label-limit.js';

type Labels<D extends Definition> = Readonly<Record<D['labels'][number], string>>;

interface LabelledCounter<D extends Definition> {
  inc(labels: Labels<D>, by?: number): void;
}

interface LabelledHistogram<D extends Definition> {
  /** In the unit of the metric's name. */
  observe(labels: Labels<D>, value: number): void;
}

interface LabelledGauge<D extends Definition> {
  set(labels: Labels<D>, value: number): void;
  /** Has its values read at scrapes, and no more often than every few seconds; what cannot be read is absent. */
  readAtScrape(read: FigureReader): void;
  /** Has the value of these labels computed at every scrape, from what this process knows. */
  computeAtScrape(labels: Labels<D>, compute: () => number): void;
}

type Instrument<D extends Definition> = D extends { kind: 'counter' }
  ? LabelledCounter<D>
  : D extends { kind: 'histogram' }
    ? LabelledHistogram<D>
    : LabelledGauge<D>;

type Catalogue = typeof METRICS;

/** Every metric of ours, by its name in the catalogue, and the registry that holds them. */
export type Metrics = { readonly registry: Registry } & {
  readonly [Key in keyof Catalogue]: Instrument<Catalogue[Key]>;
};

type OfKind<Kind extends Definition['kind']> = Extract<Definition, { kind: Kind }>;

/** Below Prometheus's own limit of 10 s for a scrape, and below what the primary of several worker processes waits. */
const READ_WITHIN_MS = 2000;
/** Shorter than any usual interval between scrapes. */
const KEEP_MS = 5000;

const EVENT_LOOP_LAG = 'nodejs_eventloop_lag_';

const EVERY_SCHEDULER = '. Of the whole system, the same from every scheduler: use max, not sum';

/** Makes all metrics in a registry of their own, with Node's own metrics where ENABLE_METRICS is on. */
export function createMetrics({ enableMetrics }: Pick<Config, 'enableMetrics'>): Metrics {
  const registry = new Registry();
  if (enableMetrics) collectNodeMetrics(registry);
  const instruments = Object.entries(METRICS).map(([key, definition]) => [key, instrument(registry, definition)]);
  return { registry, ...Object.fromEntries(instruments) };
}

/** The lag of several processes is that of the one that lags most: a mean would hide it behind those that idle. */
function collectNodeMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const metric of registry.getMetricsAsArray()) {
    if (metric.name.startsWith(EVENT_LOOP_LAG) && metric.aggregator === 'average') metric.aggregator = 'max';
  }
}

function instrument(registry: Registry, definition: Definition): object {
  switch (definition.kind) {
    case 'counter':
      return counter(registry, definition);
    case 'histogram':
      return histogram(registry, definition);
    default:
      return gauge(registry, definition);
  }
}

function counter(registry: Registry, { values = [], ...definition }: OfKind<'counter'>): LabelledCounter<Definition> {
  const metric = new Counter<string>(described(registry, definition));
  const limit = createLabelLimit();
  const [label = ''] = definition.labels;
  for (const value of values) metric.inc(limit({ [label]: value }), 0);
  return { inc: (labels, by = 1) => metric.inc(limit(labels), by) };
}

function histogram(registry: Registry, definition: OfKind<'histogram'>): LabelledHistogram<Definition> {
  const metric = new Histogram<string>({ ...described(registry, definition), buckets: [...definition.buckets] });
  const limit = createLabelLimit();
  return { observe: (labels, value) => metric.observe(limit(labels), value) };
}

/** A gauge without a value is absent; prom-client would begin one without labels at 0. */
function gauge(registry: Registry, definition: OfKind<'gauge'>): LabelledGauge<Definition> {
  const { aggregator, ofTheSystem } = definition;
  const about = described(registry, definition);
  let read: FigureReader | undefined;
  const computed = new Map<string, () => void>();
  const metric = new Gauge<string>({
    ...about,
    help: `${about.help}${ofTheSystem ? EVERY_SCHEDULER : ''}`,
    aggregator,
    collect: async () => {
      for (const compute of computed.values()) compute();
      if (!read) return;
      const figures = await read();
      clear();
      for (const { labels, value } of figures) metric.set(limit(labels), value);
    },
  });
  const limit = createLabelLimit();
  const clear = () => {
    metric.reset();
    if (definition.labels.length === 0) metric.remove();
  };
  clear();
  return {
    set: (labels, value) => metric.set(limit(labels), value),
    readAtScrape: (reader) => {
      read = atScrape(reader, { timeoutMs: READ_WITHIN_MS, keepMs: KEEP_MS });
    },
    computeAtScrape: (labels, compute) => {
      computed.set(JSON.stringify(labels), () => metric.set(limit(labels), compute()));
    },
  };
}

function described(registry: Registry, { name, help, labels }: Definition) {
  return { name: `${PREFIX}${name}`, help, labelNames: [...labels], registers: [registry] };
}
