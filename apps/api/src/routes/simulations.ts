import { mostMessages, sourceChecks } from '@campaign-manager/core/lint';
import {
  type Checked,
  checkResponseModel,
  checkScenario,
  checkTemplate,
  compileValidator,
  type Fault,
} from '@campaign-manager/core/schemas';
import { simulateScenario, simulateStatistics } from '@campaign-manager/core/simulator';
import type { FastifyInstance } from 'fastify';
import { documented } from '../http/documented.js';
import { checkedValue, invalidDocument } from '../problems/api-error.js';

/** A simulation keeps this process from everything else, so it must be over after a few seconds at the most. */
const MAX_RECIPIENTS = 20_000;
const MAX_SCRIPTED_RECIPIENTS = 200;
const MAX_SCRIPTED_INPUTS = 2000;
const MAX_MESSAGES = 250_000;

const POSSIBLE = 'messages that the template can send them in all';

const object = { type: 'object', additionalProperties: true } as const;

const scriptedSchema = {
  type: 'object',
  required: ['scenario'],
  properties: {
    scenario: { ...object, description: `A scenario of at most ${MAX_SCRIPTED_RECIPIENTS} recipients.` },
  },
  additionalProperties: false,
} as const;

const statisticalSchema = {
  type: 'object',
  required: ['template', 'recipients', 'responses'],
  properties: {
    template: { ...object, description: 'A campaign template.' },
    recipients: { type: 'integer', minimum: 1, maximum: MAX_RECIPIENTS, description: 'How many take part.' },
    responses: { ...object, description: 'A response model.' },
    seed: { type: 'integer', minimum: 0, maximum: 4_294_967_295, description: 'Default 1.' },
  },
  additionalProperties: false,
} as const;

const validateScripted = compileValidator<{ readonly scenario: unknown }>(scriptedSchema);
const validateStatistical = compileValidator<{
  readonly template: unknown;
  readonly recipients: number;
  readonly responses: unknown;
  readonly seed?: number;
}>(statisticalSchema);

export function simulationRoutes(app: FastifyInstance): void {
  app.post(
    '/v1/simulations',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['simulations'],
        summary: 'Foresee a campaign: the timeline of a scenario, or the figures of a template with a response model',
        body: documented({ oneOf: [scriptedSchema, statisticalSchema] }),
      },
    },
    async ({ body }) => (isScripted(body) ? scripted(body) : statistical(body)),
  );
}

function isScripted(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, 'scenario');
}

function scripted(body: unknown) {
  const { scenario } = checkedValue(validateScripted(body));
  const checked = checkScenario(scenario, sourceChecks);
  const value = checkedBelow('scenario', checked);
  const { recipients, responses = [], opt_outs = [] } = value;
  refuseAbove('$.scenario.recipients', 'recipients', recipients.length, MAX_SCRIPTED_RECIPIENTS);
  refuseAbove(
    '$.scenario.responses',
    'responses and opt-outs',
    responses.length + opt_outs.length,
    MAX_SCRIPTED_INPUTS,
  );
  refuseAbove('$.scenario', POSSIBLE, recipients.length * mostMessages(value.template), MAX_MESSAGES);
  return { events: simulateScenario(value), warnings: below('scenario', checked.warnings) };
}

function statistical(body: unknown) {
  const { recipients, seed = 1, ...given } = checkedValue(validateStatistical(body));
  const checked = checkTemplate(given.template, sourceChecks);
  const template = checkedBelow('template', checked);
  refuseAbove('$.recipients', POSSIBLE, recipients * mostMessages(template), MAX_MESSAGES);
  const responses = checkedBelow('responses', checkResponseModel(given.responses, template));
  return {
    report: simulateStatistics({ template, recipients, responses, seed }),
    warnings: below('template', checked.warnings),
  };
}

/** Faults tell their place in the whole body. */
function checkedBelow<T>(member: string, checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw invalidDocument(below(member, checked.faults));
}

function below(member: string, faults: readonly Fault[]): readonly Fault[] {
  return faults.map((fault) => ({ ...fault, path: `$.${member}${fault.path.slice(1)}` }));
}

function refuseAbove(path: string, what: string, found: number, most: number): void {
  if (found <= most) return;
  const expected = `at most ${most} ${what}; the command \`campaign simulate\` takes more`;
  throw invalidDocument([
    { path, message: `Found ${found} ${what}: expected ${expected}.`, found: `${found}`, expected },
  ]);
}
