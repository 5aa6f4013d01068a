import { type Config, ConfigError, loadConfig } from '@campaign-manager/runtime';
import type { Finding } from './finding.js';

interface Examined {
  readonly findings: readonly Finding[];
  /** Absent where it has faults. */
  readonly config?: Config;
}

const what = 'Configuration';

/** Reads the whole configuration as an app would. What looks like a misspelt variable is told, and does no harm. */
export function checkConfiguration(env: Readonly<NodeJS.ProcessEnv>): Examined {
  try {
    const config = loadConfig(env);
    const notes = config.warnings.map((warning): Finding => ({ ok: true, what, detail: `note: ${warning}` }));
    return { config, findings: [{ ok: true, what, detail: 'every variable has a value that is allowed' }, ...notes] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const mend = 'set the variable to an allowed value, or remove it; docs/configuration.md has them all';
    return { findings: error.faults.map((wrong): Finding => ({ ok: false, what, wrong, mend })) };
  }
}
