import { checkAll } from './check-all.js';

describe('checkAll', () => {
  it('tells of each probe whether it is well, and why not', async () => {
    const checks = await checkAll({
      well: () => null,
      later: async () => null,
      ill: () => 'It is too warm.',
      away: () => Promise.reject(new Error('nobody answers')),
      broken: () => {
        throw new TypeError('oops');
      },
    });
    expect(checks).toEqual({
      well: { ok: true },
      later: { ok: true },
      ill: { ok: false, reason: 'It is too warm.' },
      away: { ok: false, reason: 'Error: nobody answers' },
      broken: { ok: false, reason: 'TypeError: oops' },
    });
  });
});
