import { checkMongoVersion, checkNode } from './versions.js';

describe('versions', () => {
  it.each([
    ['20.19.0', true],
    ['v20.20.1', true],
    ['22.1.0', true],
    ['20.9.0', false],
    ['18.20.0', false],
  ])('Node.js %s is enough: %s', (version, ok) => {
    expect(checkNode(version).ok).toBe(ok);
  });

  it.each([
    ['6.0.5', true],
    ['8.0.0-rc1', true],
    ['5.0.30', false],
  ])('MongoDB %s is enough: %s', (version, ok) => {
    expect(checkMongoVersion(version).ok).toBe(ok);
  });
});
