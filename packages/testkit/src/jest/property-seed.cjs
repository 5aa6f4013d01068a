/**
 * Property tests draw the same examples in every run, so that a red run is red again: fast-check reads its global
 * parameters from here. `PROPERTY_SEED=7 npm test` draws others.
 */
globalThis[Symbol.for('fast-check/GlobalParameters')] = { seed: Number(process.env.PROPERTY_SEED ?? 20_261_124) };
