import { ConflictError, connectStore, NotFoundError, type Store } from '@campaign-manager/core/store';
import { type Config, ConfigError, environment, loadConfig } from '@campaign-manager/runtime';
import { CliError } from '../cli-error.js';
import { reasonOf } from '../doctor/finding.js';

/** Runs what a command does with the database itself, which is where the apps have it by their environment. */
export async function withStore<T>(app: string, action: (store: Store, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig();
  const store = await connect(config, app);
  try {
    return await action(store, config);
  } catch (error) {
    if (error instanceof ConflictError || error instanceof NotFoundError) throw new CliError(error.message);
    throw error;
  } finally {
    await store.close();
  }
}

function readConfig(): Config {
  try {
    return loadConfig(environment());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const hint = 'docs/configuration.md has every variable and what it may be';
    throw new CliError('The configuration has faults.', { lines: error.faults, hint });
  }
}

async function connect({ mongodbUri, mongodbDatabase }: Config, app: string): Promise<Store> {
  try {
    return await connectStore({
      uri: mongodbUri,
      database: mongodbDatabase,
      poolSize: 2,
      maxIdleMs: 0,
      appName: `campaign-${app}`,
    });
  } catch (error) {
    throw new CliError(`MongoDB cannot be reached (${reasonOf(error)}).`, {
      hint: 'start MongoDB, or correct MONGODB_URI',
    });
  }
}
