import type { CompiledMessage, CompiledTemplate, CompiledText } from './types.js';

/** What a reply that is one number alone can only mean. */
export interface AskedNumber {
  /** The only field of replies that the template uses. */
  readonly field: string;
  /** The whole numbers that its texts name: `4/5` answers "from 1 to 5" and not "from 1 to 10". */
  readonly scales: readonly number[];
}

const ROOT = 'response';
/** What every reply has of itself. */
const BUILT_IN: readonly string[] = ['intent', 'text'];
const TAG = /\{\{\s*[#^]?\s*([^{}\s]+)\s*\}\}/g;

/**
 * The field that a template asks its recipients for, where a number without a name can only be meant for that one: its texts
 * and conditions use exactly one field of `response` beside `intent` and `text`. Null where they use none or several, parts of
 * a field, or `response` as a whole.
 */
export function askedNumber(template: CompiledTemplate): AskedNumber | null {
  const stages = [...template.stages.values()];
  const messages = stages.flatMap((stage) => stage.messages);
  const texts = messages.flatMap(textsOf);
  const conditions = [...stages.flatMap(({ transitions }) => transitions), ...messages.flatMap((m) => m.conditional)];
  const names = [...texts.flatMap(namesIn), ...conditions.flatMap(({ condition }) => condition.variables)];
  const paths = names.map((name) => name.split('.')).filter(([root]) => root === ROOT);
  const fields = new Set(paths.map(([, ...path]) => path.join('.')).filter((field) => !BUILT_IN.includes(field)));
  const [field = ''] = fields;
  if (fields.size !== 1 || field === '' || field.includes('.')) return null;
  return { field, scales: [...new Set(texts.flatMap(wholeNumbersIn))] };
}

function textsOf({ subject, text, conditional, follow_up_texts }: CompiledMessage): CompiledText[] {
  return [...(subject ? [subject] : []), text, ...conditional.map((entry) => entry.text), ...follow_up_texts];
}

/** Inside of sections too, which `variables` leaves out. */
function namesIn({ source }: CompiledText): string[] {
  return [...source.matchAll(TAG)].map(([, name = '']) => name);
}

function wholeNumbersIn({ source }: CompiledText): number[] {
  return (source.match(/\d+/g) ?? []).map(Number);
}
