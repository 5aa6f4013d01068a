import { distance } from 'fastest-levenshtein';

const MAX_COMPARED_CHARACTERS = 128;

/**
 * A suggestion for a name that is not among the known ones, or undefined where none comes near. Case, `_` and `-`
 * do not count (`maxFollowUps` is `max_follow_ups`); beyond that a third of the letters may differ.
 */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  if (name.length > MAX_COMPARED_CHARACTERS) return undefined;
  const given = plain(name);
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of known) {
    const other = plain(candidate);
    const edits = distance(given, other);
    if (edits > Math.max(given.length, other.length) / 3) continue;
    if (best === undefined || edits < best.edits) best = { candidate, edits };
  }
  return best && `did you mean \`${best.candidate}\`?`;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}
