import { didYouMean } from './did-you-mean.js';
import { createFault } from './fault.js';
import type { FaultList, Findings } from './fault-list.js';
import type { Path } from './json-path.js';
import type { CampaignTemplate } from './template.js';

/** JavaScript puts such keys of an object first, in numeric order, whatever the author wrote. */
const INTEGER_LIKE = /^(?:0|[1-9][0-9]*)$/;

/** Every stage has one place in the order, and every name of a stage that is used is the name of one. */
export function checkStageNames(template: CampaignTemplate, { faults }: Findings): void {
  const stages = new Set(Object.keys(template.stages));
  if (template.stage_order === undefined) checkKeyOrder(stages, faults);
  else checkStageOrder(template.stage_order, stages, faults);
  checkStageExists(['default_initial_stage'], template.default_initial_stage, stages, faults);
  for (const [name, { progression_rules: rules }] of Object.entries(template.stages)) {
    const path = ['stages', name, 'progression_rules'];
    checkStageExists([...path, 'next_stage'], rules?.next_stage, stages, faults);
    for (const [index, { to }] of (rules?.transitions ?? []).entries()) {
      checkStageExists([...path, 'transitions', index, 'to'], to, stages, faults);
    }
  }
}

/** A fault with a suggestion, unless `name` is a known stage or names none (null ends the conversation). */
export function checkStageExists(
  path: Path,
  name: string | null | undefined,
  stages: ReadonlySet<string>,
  faults: FaultList,
): void {
  if (name === undefined || name === null || stages.has(name)) return;
  faults.add(() =>
    createFault(path, `The template has no stage \`${name}\`.`, {
      found: name,
      expected: 'the name of a stage of the template',
      hint: didYouMean(name, stages),
    }),
  );
}

function checkKeyOrder(stages: ReadonlySet<string>, faults: FaultList): void {
  for (const name of stages) {
    if (!INTEGER_LIKE.test(name)) continue;
    faults.add(() =>
      createFault(['stages', name], `The stage name \`${name}\` looks like a number, and such keys lose their order.`, {
        found: name,
        expected: 'a name with a letter in it, or a `stage_order` that lists all stages',
      }),
    );
  }
}

function checkStageOrder(order: readonly string[], stages: ReadonlySet<string>, faults: FaultList): void {
  const listed = new Set(order);
  for (const [index, name] of order.entries()) checkStageExists(['stage_order', index], name, stages, faults);
  for (const name of stages) {
    if (listed.has(name)) continue;
    faults.add(() =>
      createFault(['stage_order'], `The order of the stages lacks \`${name}\`; it must list every stage once.`, {
        found: order,
        expected: 'every stage exactly once',
      }),
    );
  }
}
