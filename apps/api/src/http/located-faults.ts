import { parseText } from '@campaign-manager/core/documents';
import type { Fault } from '@campaign-manager/core/schemas';

/** In longer bodies faults are told by their path alone: finding their lines would take longer than it is worth. */
const LOCATED_LENGTH = 1024 * 1024;

type Language = 'json' | 'yaml';

/** The texts of bodies, for as long as somebody holds the body. */
const texts = new WeakMap<object, { readonly text: string; readonly language: Language }>();

/** Remembers what a parsed body looked like, so that its faults can be located. */
export function rememberText(body: unknown, text: string, language: Language): void {
  if (typeof body === 'object' && body !== null && text.length <= LOCATED_LENGTH) texts.set(body, { text, language });
}

/** Faults with the line and column at which each stands in the body, where its text is known. */
export function locateFaults(body: unknown, faults: readonly Fault[]): readonly Fault[] {
  const source = typeof body === 'object' && body !== null ? texts.get(body) : undefined;
  const read = source && parseText(source.text, source.language);
  return read?.ok ? faults.map(read.locate) : faults;
}
