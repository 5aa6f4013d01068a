import { compileCondition } from '../engine/condition.js';
import { compileText } from '../engine/text.js';
import type { SourceChecks } from '../schemas/source-checks.js';

/** The engine's parsers, as the checks of templates and scenarios ask for them. */
export const sourceChecks: SourceChecks = {
  condition: (source) => messageOf(compileCondition(source)),
  text: (source) => messageOf(compileText(source)),
};

function messageOf(result: { readonly ok: true } | { readonly ok: false; readonly message: string }): string | null {
  return result.ok ? null : result.message;
}
