/** The steps of a JSONPath as faults have it: `$.stages['a.b'].messages[0]`. */
export function parsePath(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\.([A-Za-z_]\w*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/g)].map(([, name, index, quoted]) => {
    if (name !== undefined) return name;
    return index === undefined ? unquoted(quoted ?? '') : Number(index);
  });
}

function unquoted(name: string): string {
  return JSON.parse(`"${name.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`) as string;
}
