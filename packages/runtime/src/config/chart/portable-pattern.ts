/**
 * The source of a whole-text pattern without its anchors, such that JavaScript's engine and Go's (Helm's) read it alike.
 * @throws Error for what Go's does not have, or where the pattern is not anchored at both ends.
 */
export function portableBody(pattern: RegExp): string {
  const { source } = pattern;
  if (/\(\?[=!<]/.test(source)) throw new Error(`${source} looks around, which Go's regular expressions cannot.`);
  const body = /^\^(.*)\$$/s.exec(source)?.[1];
  if (body === undefined) throw new Error(`${source} must begin with ^ and end with $.`);
  return pattern.ignoreCase ? anyCase(body) : body;
}

/** `ab` as `[aA][bB]`, and the ranges of classes in both cases: the two engines write the flag `i` differently. */
export function anyCase(source: string): string {
  const tokens = source.match(/\\[pP]\{[^}]*\}|\\x[0-9a-f]{2}|\\.|\[(?:\\.|[^\]\\])*\]|\{[^}]*\}|\(\?:|./gisu) ?? [];
  return tokens
    .map((token) => {
      if (token.startsWith('[')) return `[${token.slice(1, -1)}${swapped(token.slice(1, -1))}]`;
      return /^[a-z]$/i.test(token) ? `[${token.toLowerCase()}${token.toUpperCase()}]` : token;
    })
    .join('');
}

/** The letters and ranges of a class in the other case. */
function swapped(members: string): string {
  const found = members.match(/\\.|[a-z]-[a-z]|[A-Z]-[A-Z]|[a-zA-Z]/g) ?? [];
  return found
    .filter((member) => !member.startsWith('\\'))
    .map((member) => (member === member.toLowerCase() ? member.toUpperCase() : member.toLowerCase()))
    .join('');
}
