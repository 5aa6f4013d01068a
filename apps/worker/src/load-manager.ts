import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CampaignManager } from '@campaign-manager/core/manager';
import { StartupError } from '@campaign-manager/runtime';

type ImportModule = (specifier: string) => Promise<{ readonly [name: string]: unknown }>;

/**
 * Loads the module with custom logic that CAMPAIGN_MANAGER_MODULE names: a path (one that begins with `.` counts from the
 * working directory) or a package. Its default export, else its export `CampaignManager`, is the class.
 * @throws StartupError with one line for whoever configured it.
 */
export async function loadManager(
  module: string | undefined,
  importModule: ImportModule = (specifier) => import(specifier),
): Promise<CampaignManager | undefined> {
  if (module === undefined) return undefined;
  const loaded = await importModule(specifierOf(module)).catch((error) => refuse(module, 'cannot be loaded', error));
  const exported = loaded['default'] ?? loaded['CampaignManager'];
  if (!isManagerClass(exported)) {
    refuse(module, 'exports, neither as default nor as CampaignManager, a class that extends CampaignManager of core');
  }
  try {
    return new exported();
  } catch (error) {
    return refuse(module, 'exports a class that cannot be constructed without arguments', error);
  }
}

function specifierOf(module: string): string {
  return /^[./]/.test(module) ? pathToFileURL(resolve(module)).href : module;
}

function isManagerClass(exported: unknown): exported is new () => CampaignManager {
  return typeof exported === 'function' && exported.prototype instanceof CampaignManager;
}

function refuse(module: string, what: string, error?: unknown): never {
  const cause = error instanceof Error ? error.message : error;
  throw new StartupError(
    `CAMPAIGN_MANAGER_MODULE is "${module}", but that ${what}${cause === undefined ? '' : `: ${String(cause)}`}.`,
  );
}
