import { parser } from '@prometheus-io/lezer-promql';

/** What one expression asks for. */
export interface Selected {
  readonly metric: string;
  /** Labels that a sample must have. */
  readonly labels: readonly string[];
  /** The conditions on them, as they stand there: `state="waiting"`. */
  readonly matchers: readonly string[];
}

export interface Expression {
  readonly selected: readonly Selected[];
  /** Labels by which it groups or joins. */
  readonly grouped: readonly string[];
}

/** Thrown when Prometheus would refuse an expression. */
export class PromqlError extends Error {
  override readonly name = 'PromqlError';
}

/** Grafana puts a duration in place of these. */
const DURATIONS = /\$__(rate_interval|range|interval)/g;

/** An expression of a dashboard as Grafana asks it, of the last minutes and of all namespaces. */
export function asGrafanaAsks(expression: string): string {
  return expression.replace(DURATIONS, '5m').replaceAll('$namespace', '.*');
}

/** Reads an expression of PromQL, also one of a dashboard. @throws PromqlError */
export function readPromql(text: string): Expression {
  const expression = text.replace(DURATIONS, '5m');
  const selected: { metric: string; labels: string[]; matchers: string[] }[] = [];
  const grouped: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ name, type, from, to, node }) => {
      const word = expression.slice(from, to);
      if (type.isError) throw new PromqlError(`At ${from} of ${text}: found '${expression.slice(from, from + 20)}'`);
      if (name === 'VectorSelector') selected.push({ metric: '', labels: [], matchers: [] });
      const current = selected.at(-1);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector' && current) current.metric = word;
      if (name === 'UnquotedLabelMatcher') current?.matchers.push(word);
      if (name === 'LabelName') {
        if (node.parent?.name === 'GroupingLabels') grouped.push(word);
        else current?.labels.push(word);
      }
    },
  });
  return { selected, grouped };
}
