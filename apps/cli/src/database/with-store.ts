import { ConflictError, connectStore, NotFoundError, type Store } from '@campaign-manager/core/store';
import { type Config, ConfigError, EXIT_CONFIG, environment, loadConfig } from '@campaign-manager/runtime';
import { CliError } from '../cli-error.js';
import { reasonOf } from '../doctor/finding.js';

/** Runs what a command does with the database itself, which is where the apps have it by their environment. */
export async function withStore<T>(app: string, action: (store: Store, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig();
  const store = await connect(config, app);
  try {
    return await action(store, config);
  } catch (error) {
    throw foreseen(error, config);
  } finally {
    await store.close();
  }
}

const UNAUTHORIZED = 13;

/** What the store or MongoDB says no to is told in one line; everything else is a fault of ours. */
function foreseen(error: unknown, { mongodbDatabase }: Config): unknown {
  if (error instanceof ConflictError || error instanceof NotFoundError) return new CliError(error.message);
  if (!(error instanceof Error && error.name.startsWith('Mongo'))) return error;
  const forbidden = 'code' in error && error.code === UNAUTHORIZED;
  return new CliError(`MongoDB did not do it (${reasonOf(error)}).`, {
    hint: forbidden
      ? `give the user of MONGODB_URI the role readWrite in ${mongodbDatabase}, or name a user that has it`
      : '`campaign doctor` tells what is wrong with MongoDB',
  });
}

function readConfig(): Config {
  try {
    return loadConfig(environment());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const hint = 'docs/configuration.md has every variable and what it may be';
    throw new CliError('The configuration has faults.', { lines: error.faults, hint, exitCode: EXIT_CONFIG });
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
