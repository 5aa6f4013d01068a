import { ConditionSyntaxError } from './condition-lexer.js';
import { parseCondition } from './condition-parser.js';
import type { CompiledCondition } from './types.js';

export type ConditionResult =
  | { readonly ok: true; readonly condition: CompiledCondition }
  | { readonly ok: false; readonly message: string; readonly position: number };

/**
 * Compiles a condition such as `response.rating >= 4 and not (recipient.tier in ["gold", "silver"])`.
 *
 * Values are numbers, texts in single or double quotes, `true`, `false`, `null`, lists in brackets, and paths that are
 * looked up by own properties only (`response.rating`, `recipient['first name']`, `tags[0]`). Operators: `== != < <= > >=
 * in`, `and or not` (also `&& || !`), parentheses. There are no calls, no regular expressions and no arithmetic.
 *
 * - A comparison with a missing value is false, `!=` too; so `not (x == 1)` is true where `x` is missing.
 * - A bare path is true where it is present and neither null, false, 0 nor an empty text; it is never an error.
 * - A number compared with the text of a number compares as numbers, since ratings often arrive as text: `"4" == 4`.
 *   Apart from that only the same types are equal.
 * - `<` and its kin compare two numbers, or two texts letter by letter (ISO dates too); other types give false.
 * - `in` asks for membership in a list, by the rule of `==`; in anything but a list it is false.
 *
 * At most 2,000 characters and 64 levels. `position` counts from 0. Design, section 4, "`conditional_templates`".
 */
export function compileCondition(source: string): ConditionResult {
  try {
    const { evaluate, variables } = parseCondition(source);
    return { ok: true, condition: { source, variables, test: (values) => Boolean(evaluate(values)) } };
  } catch (error) {
    if (error instanceof ConditionSyntaxError) return { ok: false, message: error.message, position: error.position };
    throw error;
  }
}
