import { type Random, shuffled } from './random.js';

/** How a simulated lead behaves over the three stages of the sales campaign. */
export type SalesPersona = 'keen' | 'late' | 'never' | 'drops_out' | 'declines' | 'accepts_early';

/** How a simulated customer behaves over the three stages of the support campaign. */
export type SupportPersona = 'prompt' | 'late' | 'late_rating' | 'no_rating' | 'silent';

export type Persona =
  | { readonly campaign: 'sales'; readonly kind: SalesPersona }
  | { readonly campaign: 'support'; readonly kind: SupportPersona; readonly rating: number };

/** How many of forty are of each kind. */
const SALES_SHARES: Readonly<Record<SalesPersona, number>> = {
  keen: 12,
  late: 8,
  never: 7,
  drops_out: 5,
  declines: 5,
  accepts_early: 3,
};

const SUPPORT_SHARES: Readonly<Record<SupportPersona, number>> = {
  prompt: 15,
  late: 7,
  late_rating: 6,
  no_rating: 4,
  silent: 8,
};

/** One persona for each recipient: the shares are fixed, the seed says who is who. */
export function dealSalesPersonas(random: Random): Persona[] {
  return shuffled(dealt(SALES_SHARES), random).map((kind) => ({ campaign: 'sales', kind }));
}

/** As above; ratings from 1 to 5 go round, so that every kind of answer to them is seen. */
export function dealSupportPersonas(random: Random): Persona[] {
  const cast = dealt(SUPPORT_SHARES).map(
    (kind, i): Persona => ({ campaign: 'support', kind, rating: 5 - ((i * 2) % 5) }),
  );
  return shuffled(cast, random);
}

function dealt<Kind extends string>(shares: Readonly<Record<Kind, number>>): Kind[] {
  const kinds = Object.keys(shares) as Kind[];
  return kinds.flatMap((kind) => Array.from({ length: shares[kind] }, () => kind));
}
