const { existsSync, readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const catalog = require('./catalog.cjs');

/** The variable that names the one mutation of a run of Jest. */
const VARIABLE = 'CAMPAIGN_TEST_MUTATION';

/** Of the repository. */
const ROOT = resolve(__dirname, '../..');

/** The mutation of that name. Throws where there is none. */
function mutationNamed(name) {
  const mutation = catalog.find((one) => one.name === name);
  if (mutation) return mutation;
  const known = catalog.map((one) => one.name).join(', ');
  throw new Error(`There is no mutation "${name}" in tests/mutations/catalog.cjs; there are: ${known}.`);
}

/** The source without the protection. Throws where its text does not occur exactly once: then the source has moved on. */
function mutate({ name, file, find, replace }, source) {
  const parts = source.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new Error(
    `The mutation "${name}" expects its text exactly once in ${file}, but found it ${parts.length - 1} times:\n` +
      `  ${find}\nThe source has changed: adapt "find" in tests/mutations/catalog.cjs so that it removes the same protection.`,
  );
}

/** What of a mutation does not fit the files any more, in sentences. Whether its tests exist, running them tells. */
function findDrift(mutation) {
  const { name, file, killedBy } = mutation;
  const missing = [file, ...killedBy.map((test) => test.file)].filter((path) => !existsSync(resolve(ROOT, path)));
  if (missing.length > 0) return missing.map((path) => `The mutation "${name}" names ${path}, which does not exist.`);
  try {
    mutate(mutation, readFileSync(resolve(ROOT, file), 'utf8'));
    return [];
  } catch (error) {
    return [error.message];
  }
}

module.exports = { ROOT, VARIABLE, mutationNamed, mutate, findDrift };
