/** One configuration for the whole workspace: sources run through swc as CommonJS, services start once per run. */
module.exports = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  roots: ['<rootDir>/apps', '<rootDir>/benchmarks', '<rootDir>/packages', '<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  // Those of the chart need tools of Kubernetes: `npm run test:chart`.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/chart/'],
  modulePathIgnorePatterns: ['/dist/'],
  moduleNameMapper: {
    '^fast-check$': '<rootDir>/packages/testkit/src/jest/seeded-fast-check.cjs',
    '^(\\.{1,2}/(?!.*node_modules).*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.[mc]?[jt]s$': [
      '<rootDir>/tests/mutations/transformer.cjs',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Transformed beside our own sources: packages that ship nothing but ES modules, and one file of MongoDB's driver that
  // imports dynamically, which Jest's CommonJS cannot.
  transformIgnorePatterns: [
    '/node_modules/(?!(.*/)?mongodb/lib/runtime_adapters\\.js$)(?!(\\.pnpm/)?(p-limit|yocto-queue)(@|/))',
  ],
  globalSetup: '<rootDir>/packages/testkit/src/jest/global-setup.ts',
  globalTeardown: '<rootDir>/packages/testkit/src/jest/global-teardown.ts',
  reporters: ['default', '<rootDir>/packages/testkit/src/jest/summary-reporter.cjs'],
  testTimeout: 60_000,
  maxWorkers: 2,
};
