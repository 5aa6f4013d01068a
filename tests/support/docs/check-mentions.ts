import type { Facts } from './facts.js';
import type { Page } from './pages.js';

/** Variables of the environment that others read: Node, Docker, Helm and Kubernetes, OpenTelemetry, tests. */
const OTHERS = /^(?:NODE|DOCKER|COMPOSE|MONGO_INITDB|GF|HELM|KUBE\w*|OTEL|TESTCONTAINERS|CAMPAIGN_TEST)_\w+$/;

/** Names in backticks, or in the text, that the code does not have. */
export function mentionFaults(page: Page, facts: Facts): string[] {
  return [
    ...variableFaults(page, facts),
    ...metricFaults(page, facts),
    ...fileFaults(page, facts),
    ...functionFaults(page, facts),
  ].map((fault) => `${page.path}: ${fault}`);
}

function variableFaults({ text, spans }: Page, { variables }: Facts): string[] {
  const inSpans = spans.flatMap((span) => /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?=$|[=:])/.exec(span)?.[1] ?? []);
  const ours = text.match(/\bCAMPAIGN_[A-Z0-9_]+\b/g) ?? [];
  const asKeys = [...text.matchAll(/^\s*([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+):/gm)].map(([, name = '']) => name);
  return unique([...inSpans, ...ours, ...asKeys])
    .filter((name) => !variables.has(name) && !OTHERS.test(name))
    .map((name) => `${name} is not in the catalogue of settings`);
}

/** A name, and the labels that a page gives it in braces. */
const METRIC = /\bcommunication_[a-z0-9_]+[a-z0-9](?:\{([^}]*)\})?/g;
/** The database of the user's document. */
const NO_METRIC = 'communication_service';

function metricFaults({ text }: Page, { metrics }: Facts): string[] {
  return unique(
    [...text.matchAll(METRIC)].flatMap(([mention, labels]) => {
      const [name = ''] = mention.split('{');
      if (name === NO_METRIC) return [];
      const metric = metrics.get(name) ?? metrics.get(name.replace(/_(?:bucket|sum|count)$/, ''));
      if (!metric) return [`there is no metric ${name}`];
      return labelNames(labels)
        .filter((label) => label !== 'le' && ![...metric.labels, ...metric.recorded].includes(label))
        .map((label) => `${name} has no label ${label}`);
    }),
  );
}

function labelNames(labels: string | undefined): string[] {
  return [...(labels ?? '').matchAll(/(\w+)\s*[=!]/g)].map(([, name = '']) => name);
}

function fileFaults({ spans }: Page, { exists }: Facts): string[] {
  return unique(
    spans.filter((span) =>
      /^(?:apps|packages|tests|docs|examples|scripts|benchmarks|docker|helm)\/[\w./-]+$/.test(span),
    ),
  )
    .filter((path) => !exists(path))
    .map((path) => `there is no file ${path}`);
}

function functionFaults({ spans, blocks }: Page, { code: { functions, types } }: Facts): string[] {
  const drawn = blocks.filter(({ lang }) => lang === 'mermaid').flatMap(({ text }) => text.match(/\b\w+\(\)/g) ?? []);
  const named = [...spans.filter((span) => /^\w+\(\)$/.test(span)), ...drawn].map((call) => call.slice(0, -2));
  const methods = new Set([...types.values()].flat().flatMap(({ members }) => [...members.keys()]));
  return unique(named)
    .filter((name) => !functions.has(name) && !methods.has(name))
    .map((name) => `no function ${name}() is exported`);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
