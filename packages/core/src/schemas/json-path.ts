/** Where a value stands in a document: names of members and indexes of items, from the root down. */
export type Path = readonly (string | number)[];

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MAX_NAME_CHARACTERS = 128;

/** Writes a path as JSONPath (RFC 9535): `$.stages['a.b'].messages[0]`. Names beyond 128 characters are cut. */
export function jsonPath(path: Path): string {
  let text = '$';
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : member(step);
  return text;
}

function member(name: string): string {
  const shown = name.length > MAX_NAME_CHARACTERS ? `${name.slice(0, MAX_NAME_CHARACTERS)}…` : name;
  return IDENTIFIER.test(shown) ? `.${shown}` : `['${escapeQuoted(shown)}']`;
}

function escapeQuoted(name: string): string {
  return JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
}
