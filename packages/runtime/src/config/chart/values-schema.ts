import { CATALOG } from '../catalog.js';
import type { Variable, Variables } from '../variable.js';
import { chartValues } from './chart-values.js';
import type { Node, Nodes } from './node.js';
import { variableSchema } from './variable-schema.js';

/** The variables with a place in `values.yaml`: those of the user's ConfigMap. The others may stand beside them. */
const SHOWN = [
  'MONGODB_URI',
  'MONGODB_DATABASE',
  'CAMPAIGN_MAX_BATCH_SIZE',
  'CAMPAIGN_STAGE_DELAY_FACTOR',
  'CAMPAIGN_RETRY_DELAY_SECONDS',
  'CAMPAIGN_METRICS_TTL_SECONDS',
  'CAMPAIGN_PROCESSING_THREADS',
  'CAMPAIGN_POLLING_INTERVAL_SECONDS',
  'WORKER_THREADS',
  'MAX_CONCURRENT_CONVERSATIONS',
  'LOG_LEVEL',
  'ENABLE_METRICS',
  'METRICS_PORT',
];

const PORTS = ['METRICS_PORT', 'API_PORT', 'INBOUND_SMTP_PORT'];

/** Every variable that an app reads, as the chart takes it: nobody would find a port that the system chose. */
export function chartVariables(): Variable[] {
  const catalog: Variables = CATALOG;
  return Object.values(catalog)
    .filter(({ roles }) => roles.some((role) => role !== 'cli'))
    .map((variable) =>
      variable.kind === 'integer' && PORTS.includes(variable.name) ? { ...variable, min: 1 } : variable,
    );
}

/** All values of the chart with their descriptions and defaults. */
export function allValues(): Nodes {
  const variables = chartVariables().map((variable): [string, Node] => {
    const shown = SHOWN.includes(variable.name);
    const { description } = variable;
    return [variable.name, { ...variableSchema(variable), description, ...(shown && { default: presetOf(variable) }) }];
  });
  const config: Node = {
    description:
      'The ConfigMap: the variables of docs/configuration.md that are no secrets. Those of other names may be added here.',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(variables),
  };
  return { config, ...chartValues };
}

/** The text of `helm/campaign-manager/values.schema.json`. */
export function renderValuesSchema(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart campaign-manager',
    type: 'object',
    additionalProperties: false,
    properties: allValues(),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** As text, as in a ConfigMap. Where MongoDB is, nobody can know; the host in its default is the pod itself. */
function presetOf(variable: Variable): string {
  return variable.name === 'MONGODB_URI' || variable.default === undefined ? '' : `${variable.default}`;
}
