import type { Random } from '@campaign-manager/core/simulator';
import { shuffled } from './shuffled.js';

/** How a simulated lead behaves over the three stages of the sales campaign. */
export type SalesPersona = 'keen' | 'late' | 'never' | 'drops_out' | 'declines' | 'accepts_early';

/** How a simulated customer behaves over the three stages of the support campaign. */
export type SupportPersona = 'prompt' | 'late' | 'late_rating' | 'no_rating' | 'silent';

export type Persona = Pace &
  (
    | { readonly campaign: 'sales'; readonly kind: SalesPersona }
    | { readonly campaign: 'support'; readonly kind: SupportPersona; readonly rating: number }
  );

/** Nobody thinks for exactly as long as the next one: hours on top of every delay, none above 0. */
interface Pace {
  readonly pace_hours: number;
}

const PACES = [-4, -2, 0];

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
  const cast = dealt(SALES_SHARES).map((kind, i): Persona => ({ campaign: 'sales', kind, pace_hours: paceOf(i) }));
  return shuffled(cast, random);
}

/** As above; ratings from 1 to 5 go round, so that every kind of answer to them is seen. */
export function dealSupportPersonas(random: Random): Persona[] {
  const cast = dealt(SUPPORT_SHARES).map(
    (kind, i): Persona => ({ campaign: 'support', kind, rating: 5 - ((i * 2) % 5), pace_hours: paceOf(i) }),
  );
  return shuffled(cast, random);
}

function paceOf(i: number): number {
  return PACES[i % PACES.length] ?? 0;
}

function dealt<Kind extends string>(shares: Readonly<Record<Kind, number>>): Kind[] {
  const kinds = Object.keys(shares) as Kind[];
  return kinds.flatMap((kind) => Array.from({ length: shares[kind] }, () => kind));
}
