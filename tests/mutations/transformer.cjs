const { createHash } = require('node:crypto');
const { resolve } = require('node:path');
const swc = require('@swc/jest');
const { ROOT, VARIABLE, mutationNamed, mutate } = require('./mutate.cjs');

/**
 * Jest's transformer of this repository: @swc/jest, but that CAMPAIGN_TEST_MUTATION=<name> compiles one source file
 * without the protection that the catalog names. It is read here and nowhere else: the product has no such switch.
 */
module.exports = {
  createTransformer(options) {
    const plain = swc.createTransformer(options);
    const name = process.env[VARIABLE];
    if (!name) return plain;
    const mutation = mutationNamed(name);
    const file = resolve(ROOT, mutation.file);
    const mark = createHash('sha1').update(JSON.stringify(mutation)).digest('hex');
    const mutated = (source, path) => (path === file ? mutate(mutation, source) : source);
    return {
      ...plain,
      process: (source, path, ...rest) => plain.process(mutated(source, path), path, ...rest),
      processAsync: (source, path, ...rest) => plain.processAsync(mutated(source, path), path, ...rest),
      // Compiled files are kept between runs: what is mutated must not be taken for the original, nor the reverse.
      getCacheKey: (source, path, ...rest) => plain.getCacheKey(source, path, ...rest) + (path === file ? mark : ''),
    };
  },
};
