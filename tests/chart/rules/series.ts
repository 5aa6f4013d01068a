import type { Timeline } from './timeline.js';

export type Labels = Readonly<Record<string, string>>;

/** What one series shows: the metric with its labels, as Prometheus stores it. */
export interface Series {
  readonly metric: string;
  readonly labels: Labels;
  readonly timeline: Timeline;
}

/** One process that Prometheus scrapes. */
export interface Instance {
  readonly shows: (metric: string, labels: Labels, ...timeline: Timeline) => Series;
  /** A histogram's buckets, each with all of the smaller ones. */
  readonly measures: (metric: string, labels: Labels, buckets: Readonly<Record<string, Timeline>>) => readonly Series[];
}

export function instance(name: string): Instance {
  const target = { job: 'campaign-manager', instance: `${name}:9090` };
  const shows: Instance['shows'] = (metric, labels, ...timeline) => ({
    metric,
    labels: { ...labels, ...target },
    timeline,
  });
  return {
    shows,
    measures: (metric, labels, buckets) =>
      Object.entries(buckets).map(([le, timeline]) => shows(`${metric}_bucket`, { ...labels, le }, ...timeline)),
  };
}

export const scheduler = instance('scheduler');
export const secondScheduler = instance('scheduler-2');
export const worker = instance('worker');
export const secondWorker = instance('worker-2');
export const api = instance('api');

/** As promtool reads it. */
export function nameOf({ metric, labels }: Pick<Series, 'metric' | 'labels'>): string {
  return `${metric}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(', ')}}`;
}
