/** The chart's tests: they need Kubernetes' tools and no MongoDB, and so stand apart from `npm test`. */
const { globalSetup, globalTeardown, ...base } = require('../../jest.config.cjs');

module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/tests/chart'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
};
