import type { CompiledCondition, CompiledStage, CompiledText } from '../engine/types.js';
import { createFault } from '../schemas/fault.js';
import type { FaultList } from '../schemas/fault-list.js';
import type { Path } from '../schemas/json-path.js';

/** What the system itself provides under a root; the other roots hold whatever users put there. */
const OWN_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['campaign', ['id', 'name', 'type']],
  ['conversation', ['id', 'stage', 'visit', 'responses']],
]);

/** What a condition can look up (design, section 4, "conditional_templates"). */
const CONDITION_ROOTS = ['response', 'recipient', 'context', 'campaign', 'conversation'];

/** Variables that nothing provides: a condition on one is never what its author meant, a text has a gap. */
export function lintVariables(stage: CompiledStage, warnings: FaultList): void {
  const path = ['stages', stage.name];
  for (const [index, message] of stage.messages.entries()) {
    const at: Path = [...path, 'messages', index];
    lintText([...at, 'template'], message.text, warnings);
    if (message.subject) lintText([...at, 'subject'], message.subject, warnings);
    for (const [i, { condition, text }] of message.conditional.entries()) {
      lintCondition([...at, 'conditional_templates', i, 'condition'], condition, warnings);
      lintText([...at, 'conditional_templates', i, 'template'], text, warnings);
    }
    for (const [i, text] of message.follow_up_texts.entries()) {
      lintText([...at, 'follow_up_templates', i], text, warnings);
    }
  }
  for (const [i, { condition }] of stage.transitions.entries()) {
    lintCondition([...path, 'progression_rules', 'transitions', i, 'condition'], condition, warnings);
  }
}

function lintCondition(path: Path, { variables }: CompiledCondition, warnings: FaultList): void {
  for (const variable of variables) {
    const root = rootOf(variable);
    if (CONDITION_ROOTS.includes(root)) lintOwnField(path, variable, warnings);
    else {
      const message = `Nothing provides \`${variable}\` to a condition: it sees ${CONDITION_ROOTS.join(', ')}.`;
      const hint = `did you mean \`context.${variable}\`?`;
      warnings.add(() => createFault(path, message, { found: variable, hint }));
    }
  }
}

function lintText(path: Path, { variables }: CompiledText, warnings: FaultList): void {
  for (const variable of variables) {
    if (rootOf(variable) !== 'context') {
      lintOwnField(path, variable, warnings);
      continue;
    }
    const message = `Nothing provides \`${variable}\` to a text: there the context stands at the top.`;
    const hint = variable === 'context' ? undefined : `did you mean \`${variable.slice('context.'.length)}\`?`;
    warnings.add(() => createFault(path, message, { found: variable, hint }));
  }
}

function lintOwnField(path: Path, variable: string, warnings: FaultList): void {
  const [root = '', field] = variable.split('.', 2);
  const fields = OWN_FIELDS.get(root);
  if (fields === undefined || field === undefined || fields.includes(field)) return;
  const expected = `one of ${fields.map((name) => `${root}.${name}`).join(', ')}`;
  warnings.add(() =>
    createFault(path, `Nothing provides \`${variable}\`: expected ${expected}.`, { found: variable, expected }),
  );
}

function rootOf(variable: string): string {
  return variable.split('.', 1)[0] ?? '';
}
