import { createFault } from './fault.js';
import type { Findings } from './fault-list.js';
import type { Path } from './json-path.js';
import type { Stage } from './template.js';

/**
 * Parsers of the two small languages inside templates. They are arguments because they belong to the engine, which
 * builds on these schemas. Each returns the message of the fault, a full sentence, or null.
 */
export interface SourceChecks {
  condition(source: string): string | null;
  text(source: string): string | null;
}

/** Checks every condition and every Mustache text of a stage, and reports each fault at its path. */
export function checkSources(path: Path, stage: Stage, checks: SourceChecks, { faults }: Findings): void {
  const check = (kind: keyof SourceChecks, source: string | undefined, ...at: Path) => {
    if (source === undefined) return;
    const message = checks[kind](source);
    if (message !== null) faults.add(() => createFault([...path, ...at], message, { found: source }));
  };
  for (const [i, message] of stage.messages.entries()) {
    check('text', message.template, 'messages', i, 'template');
    check('text', message.subject, 'messages', i, 'subject');
    for (const [k, { condition, template }] of (message.conditional_templates ?? []).entries()) {
      check('condition', condition, 'messages', i, 'conditional_templates', k, 'condition');
      check('text', template, 'messages', i, 'conditional_templates', k, 'template');
    }
    for (const [k, text] of (message.follow_up_templates ?? []).entries()) {
      check('text', text, 'messages', i, 'follow_up_templates', k);
    }
  }
  for (const [k, { condition }] of (stage.progression_rules?.transitions ?? []).entries()) {
    check('condition', condition, 'progression_rules', 'transitions', k, 'condition');
  }
}
