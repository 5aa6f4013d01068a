import { distance } from 'fastest-levenshtein';

const MAX_EDITS = 2;
const OUR_PREFIX = 'CAMPAIGN_';

/** Kubernetes gives every pod variables such as CAMPAIGN_API_SERVICE_HOST for the services it knows. */
const SERVICE_LINK = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)?)$/;

/** A sentence for each name that is not ours but looks like it: near a known one, or beginning with CAMPAIGN_. */
export function unknownVariables(given: readonly string[], known: readonly string[]): string[] {
  return given
    .filter((name) => !known.includes(name) && !SERVICE_LINK.test(name))
    .map((name) => ({ name, best: nearest(name, known) }))
    .filter(({ name, best }) => name.startsWith(OUR_PREFIX) || best.edits <= MAX_EDITS)
    .map(({ name, best }) => {
      const hint = best.edits <= Math.max(MAX_EDITS, name.length / 3) ? ` Did you mean ${best.name}?` : '';
      return `${name} is not a variable of Campaign Manager and has no effect.${hint}`;
    });
}

function nearest(name: string, known: readonly string[]): { readonly name: string; readonly edits: number } {
  let best = { name: '', edits: Number.POSITIVE_INFINITY };
  for (const candidate of known) {
    const edits = distance(name.toUpperCase(), candidate);
    if (edits < best.edits) best = { name: candidate, edits };
  }
  return best;
}
