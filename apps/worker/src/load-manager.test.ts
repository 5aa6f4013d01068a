import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CampaignManager } from '@campaign-manager/core/manager';
import { StartupError } from '@campaign-manager/runtime';
import { loadManager } from './load-manager.js';

class Custom extends CampaignManager {}

class NeedsMore extends CampaignManager {
  constructor() {
    super();
    throw new Error('no database given');
  }
}

const load = (exports: { readonly [name: string]: unknown }, module = './custom.mjs') =>
  loadManager(module, async () => exports);

describe('loadManager', () => {
  it('loads nothing where nothing is configured', async () => {
    await expect(loadManager(undefined, () => Promise.reject(new Error('asked')))).resolves.toBeUndefined();
  });

  it.each([
    ['the default export', { default: Custom, CampaignManager: NeedsMore }],
    ['the export CampaignManager', { CampaignManager: Custom }],
  ])('takes %s', async (_, exports) => {
    await expect(load(exports)).resolves.toBeInstanceOf(Custom);
  });

  it.each([
    ['./custom.mjs', pathToFileURL(resolve('custom.mjs')).href],
    ['../a b/custom.mjs', pathToFileURL(resolve('../a b/custom.mjs')).href],
    ['/opt/custom.mjs', 'file:///opt/custom.mjs'],
    ['@acme/custom', '@acme/custom'],
    ['acme-custom/manager.js', 'acme-custom/manager.js'],
  ])('finds %s as %s', async (module, expected) => {
    const asked: string[] = [];
    await loadManager(module, async (specifier) => {
      asked.push(specifier);
      return { default: Custom };
    });

    expect(asked).toEqual([expected]);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'is not there',
      () => loadManager('./nowhere.mjs', () => Promise.reject(new Error('no such file'))),
      /: no such file\.$/,
    ],
    ['exports nothing', () => load({}), /extends CampaignManager of core\.$/],
    ['exports the class itself', () => load({ default: CampaignManager }), /extends CampaignManager of core\.$/],
    ['exports another class', () => load({ default: class {} }), /extends CampaignManager of core\.$/],
    ['exports an object', () => load({ default: new Custom() }), /extends CampaignManager of core\.$/],
    ['throws when constructed', () => load({ default: NeedsMore }), /without arguments: no database given\.$/],
  ])('says in one line why, where the module %s', async (_, run, expected) => {
    await expect(run()).rejects.toBeInstanceOf(StartupError);
    await expect(run()).rejects.toThrow(/^CAMPAIGN_MANAGER_MODULE is "\.\//);
    await expect(run()).rejects.toThrow(expected);
  });
});
