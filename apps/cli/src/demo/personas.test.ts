import { createRandom } from '@campaign-manager/core/simulator';
import { dealSalesPersonas, dealSupportPersonas } from './personas.js';

const SEEDS = [1, 2, 4_294_967_295];

describe('the personas', () => {
  it.each(SEEDS)('are forty leads of every kind with seed %i', (seed) => {
    const kinds = dealSalesPersonas(createRandom(seed)).map(({ kind }) => kind);
    expect(kinds).toHaveLength(40);
    expect([...new Set(kinds)].sort()).toEqual(['accepts_early', 'declines', 'drops_out', 'keen', 'late', 'never']);
  });

  it.each(SEEDS)('are forty customers of every kind, with every rating, with seed %i', (seed) => {
    const personas = dealSupportPersonas(createRandom(seed));
    expect(personas).toHaveLength(40);
    expect([...new Set(personas.map(({ kind }) => kind))].sort()).toEqual([
      'late',
      'late_rating',
      'no_rating',
      'prompt',
      'silent',
    ]);
    const ratings = personas.map((persona) => (persona.campaign === 'support' ? persona.rating : 0));
    expect([...new Set(ratings)].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('follow from the seed alone', () => {
    const deal = (seed: number) => dealSalesPersonas(createRandom(seed));
    expect(deal(7)).toEqual(deal(7));
    expect(deal(7)).not.toEqual(deal(8));
  });
});
