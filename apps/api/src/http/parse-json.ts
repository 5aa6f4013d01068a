export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly where: string };

/**
 * Parses JSON. Keys such as `__proto__` become own members, which the validators refuse by their path. `where` tells
 * the place of the fault as far as the runtime knows it, and never repeats what stands there.
 */
export function parseJson(text: string): ParsedJson {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, where: whereOf((error as Error).message, text) };
  }
}

function whereOf(message: string, text: string): string {
  if (message.startsWith('Unexpected end')) return 'it ends too early';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return 'it has a character that cannot stand there';
  const before = text.slice(0, Number(position)).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1} (position ${position}) cannot be read`;
}
