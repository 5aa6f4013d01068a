import { type Checked, createFault } from './fault.js';
import { createFaultList, type FaultList } from './fault-list.js';
import type { Path } from './json-path.js';
import {
  type AnswerModel,
  type Chance,
  type DelayModel,
  type ResponseModel,
  responseModelSchema,
  type StageResponses,
} from './response-model.js';
import { checkStageExists } from './stage-names.js';
import type { CampaignTemplate } from './template.js';
import { compileValidator } from './validator.js';

const validateResponseModel = compileValidator<ResponseModel>(responseModelSchema);

/** Sums of decimal fractions miss 1 by less than this. */
const TOLERANCE = 1e-9;

const FIELDS: { readonly [D in DelayModel['distribution']]: readonly string[] } = {
  exponential: ['mean_hours'],
  lognormal: ['median_hours', 'sigma'],
  uniform: ['min_hours', 'max_hours'],
  fixed: ['hours'],
};

/** Everything that can be said of a response model by itself and, where given, beside the template it is for. */
export function checkResponseModel(document: unknown, template?: CampaignTemplate): Checked<ResponseModel> {
  const validated = validateResponseModel(document);
  if (!validated.ok) return { ok: false, faults: validated.faults, warnings: [], partial: true };
  const model = validated.value;
  const list = createFaultList();
  if (model.default) checkStage(['default'], model.default, list);
  for (const [name, stage] of Object.entries(model.stages ?? {})) {
    if (template) checkStageExists(['stages', name], name, new Set(Object.keys(template.stages)), list);
    checkStage(['stages', name], stage, list);
  }
  const faults = list.all();
  return faults.length > 0 ? { ok: false, faults, warnings: [] } : { ok: true, value: model, faults, warnings: [] };
}

function checkStage(path: Path, { answers = [], opt_out }: StageResponses, faults: FaultList): void {
  for (const [index, answer] of answers.entries()) {
    checkDelay([...path, 'answers', index, 'delay'], answer.delay, faults);
    checkWeights([...path, 'answers', index, 'data'], answer, faults);
  }
  if (opt_out) checkDelay([...path, 'opt_out', 'delay'], opt_out.delay, faults);
  const chances: readonly Chance[] = opt_out ? [...answers, opt_out] : answers;
  checkSum(
    path,
    'a message',
    chances.map(({ probability }) => probability),
    faults,
  );
  const ofFollowUps = chances.map(({ probability, follow_up_probability }) => follow_up_probability ?? probability);
  if (chances.some(({ follow_up_probability }) => follow_up_probability !== undefined)) {
    checkSum(path, 'a follow-up', ofFollowUps, faults);
  }
}

function checkSum(path: Path, what: string, probabilities: readonly number[], faults: FaultList): void {
  const sum = probabilities.reduce((a, b) => a + b, 0);
  if (sum <= 1 + TOLERANCE) return;
  const expected = 'probabilities that sum up to at most 1';
  faults.add(() =>
    createFault(
      path,
      `What can follow ${what} of this stage sums up to ${Number(sum.toFixed(6))}: expected ${expected}.`,
      {
        expected,
      },
    ),
  );
}

/** Each distribution has fields of its own; those of another are a slip of the pen. */
function checkDelay(path: Path, delay: DelayModel, faults: FaultList): void {
  const needed = FIELDS[delay.distribution];
  const expected = `the ${needed.length === 1 ? 'field' : 'fields'} ${needed.join(' and ')}`;
  for (const name of needed.filter((field) => !Object.hasOwn(delay, field))) {
    const message = `The field \`${name}\` is missing: the distribution ${delay.distribution} needs ${expected}.`;
    faults.add(() => createFault([...path, name], message, { expected }));
  }
  for (const name of Object.keys(delay)) {
    if (name === 'distribution' || needed.includes(name)) continue;
    const message = `The field \`${name}\` belongs to another distribution: ${delay.distribution} needs ${expected}.`;
    faults.add(() => createFault([...path, name], message, { expected }));
  }
  if (delay.distribution === 'uniform' && delay.min_hours > delay.max_hours) {
    const most = `at most max_hours, ${delay.max_hours}`;
    faults.add(() =>
      createFault([...path, 'min_hours'], `The minimum of ${delay.min_hours} hours must be ${most}.`, {
        found: delay.min_hours,
        expected: most,
      }),
    );
  }
}

function checkWeights(path: Path, { data = {} }: AnswerModel, faults: FaultList): void {
  for (const [field, values] of Object.entries(data)) {
    if (values.some(({ weight }) => weight > 0)) continue;
    const expected = 'at least one weight above 0';
    faults.add(() =>
      createFault([...path, field], `No value of this field can be drawn: expected ${expected}.`, { expected }),
    );
  }
}
