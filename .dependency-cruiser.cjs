/**
 * The house's one-way streets (ARCHITECTURE.md): schemas <- engine <- models <- store <- apps. The engine has a
 * fixture that breaks some of these rules, and a test that the check refuses it.
 */
const core = (room) => `^packages/core/src/${room}/`;
const tests = '(\\.test\\.ts$|/test/)';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'schemas-know-nobody',
      severity: 'error',
      from: { path: core('schemas'), pathNot: tests },
      to: { path: '^(packages|apps)/', pathNot: core('schemas') },
    },
    {
      name: 'engine-knows-schemas-only',
      severity: 'error',
      from: { path: core('engine'), pathNot: tests },
      to: { path: '^(packages|apps)/', pathNot: [core('engine'), core('schemas')] },
    },
    {
      name: 'engine-is-pure',
      comment: 'No Node module and no library but the Mustache parser: it runs in a browser as it is.',
      severity: 'error',
      from: { path: core('engine'), pathNot: tests },
      to: { dependencyTypes: ['core', 'npm'], pathNot: 'node_modules/mustache' },
    },
    {
      name: 'documents-know-schemas-only',
      severity: 'error',
      from: { path: core('documents'), pathNot: tests },
      to: { path: '^(packages|apps)/', pathNot: [core('documents'), core('schemas')] },
    },
    {
      name: 'lint-knows-schemas-and-engine-only',
      severity: 'error',
      from: { path: core('lint'), pathNot: tests },
      to: { path: '^(packages|apps)/', pathNot: [core('lint'), core('engine'), core('schemas')] },
    },
    {
      name: 'lint-is-pure',
      severity: 'error',
      from: { path: core('lint'), pathNot: tests },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'simulator-knows-schemas-and-engine-only',
      severity: 'error',
      from: { path: core('simulator'), pathNot: tests },
      to: { path: '^(packages|apps)/', pathNot: [core('simulator'), core('engine'), core('schemas')] },
    },
    {
      name: 'simulator-is-pure',
      comment: 'It runs in a browser as it is; `browser.test.ts` checks what it brings along.',
      severity: 'error',
      from: { path: core('simulator'), pathNot: tests },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'manager-knows-schemas-and-engine-only',
      severity: 'error',
      from: { path: core('manager'), pathNot: tests },
      to: { path: '^(packages|apps)/', pathNot: [core('manager'), core('engine'), core('schemas')] },
    },
    {
      name: 'ledger-knows-vocabulary-only',
      comment: 'The documents of models, which are types; nothing that could reach a database.',
      severity: 'error',
      from: { path: core('ledger'), pathNot: tests },
      to: {
        path: '^(packages|apps)/',
        pathNot: [core('ledger'), core('engine'), core('schemas'), '^packages/core/src/models/documents\\.ts$'],
      },
    },
    {
      name: 'ledger-is-pure',
      severity: 'error',
      from: { path: core('ledger'), pathNot: tests },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'models-do-not-know-the-store',
      severity: 'error',
      from: { path: core('models'), pathNot: tests },
      to: { path: '^(packages|apps)/', pathNot: [core('models'), core('engine'), core('schemas')] },
    },
    {
      name: 'store-knows-core-only',
      severity: 'error',
      from: { path: core('store'), pathNot: tests },
      to: { path: '^(packages|apps)/', pathNot: '^packages/core/' },
    },
    {
      name: 'foundations-know-cores-vocabulary-only',
      comment: 'Its types, that is: `boundaries.test.ts` checks that they are imported as such.',
      severity: 'error',
      from: { path: '^packages/(runtime|queues|channels|mail)/src', pathNot: tests },
      to: { path: '^packages/core/', pathNot: core('(schemas|engine)') },
    },
    {
      name: 'foundations-do-not-know-each-other',
      severity: 'error',
      from: { path: '^packages/(runtime|queues|channels|mail)/src', pathNot: tests },
      to: { path: '^(packages|apps)/', pathNot: ['^packages/$1/', '^packages/core/'] },
    },
    {
      name: 'no-app-knows-another',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'through-the-entry-point',
      comment: "Never another package's src.",
      severity: 'error',
      from: { path: '^(?:apps|packages)/([^/]+)/' },
      to: { path: '^packages/[^/]+/src/(?!.*index\\.ts$)', pathNot: '^packages/$1/' },
    },
    {
      name: 'products-do-not-know-tests',
      severity: 'error',
      from: { path: '^(apps|packages)/[^/]+/src', pathNot: [tests, '^packages/testkit/'] },
      to: { path: '^packages/testkit/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
