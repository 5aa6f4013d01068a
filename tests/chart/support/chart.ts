import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../../..');
export const CHART = join(ROOT, 'helm/campaign-manager');

/** The sets of values that every check goes through. */
export const VALUES = readdirSync(join(CHART, 'ci'));

export const valuesFile = (name: string) => join(CHART, 'ci', name);

/** What Helm is told of a cluster that it does not see. */
export function capabilities(kubernetes: string): string[] {
  return [
    '--kube-version',
    kubernetes,
    '--api-versions',
    'monitoring.coreos.com/v1',
    '--api-versions',
    'keda.sh/v1alpha1',
  ];
}
