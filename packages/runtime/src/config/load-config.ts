import type { ChannelName } from '@campaign-manager/core/schemas';
import { CATALOG } from './catalog.js';
import type { Config, Notifier, Values } from './config.js';
import { ConfigError } from './config-error.js';
import { parseVariable } from './parse.js';
import { crossFaults } from './rules.js';
import { tracingOf } from './tracing.js';
import { unknownVariables } from './unknown-variables.js';

const DEFAULT_NOTIFIERS: { readonly [name: string]: Notifier } = { notify_manager: { channel: 'log' } };

/**
 * Reads the whole configuration from the environment, by the catalog.
 * @throws ConfigError that names every variable whose value is not allowed.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const values = readValues(env);
  const faults = crossFaults(values);
  if (faults.length > 0) throw new ConfigError(faults);
  return deepFreeze({
    ...values,
    defaultChannel: values.defaultChannel ?? channelByDefault(values),
    notifiers: Object.assign(Object.create(null), DEFAULT_NOTIFIERS, values.notifiers),
    tracing: tracingOf(values),
    warnings: unknownVariables(
      Object.keys(env),
      Object.values(CATALOG).map(({ name }) => name),
    ),
  });
}

function readValues(env: NodeJS.ProcessEnv): Values {
  const values: { [key: string]: unknown } = {};
  const faults: string[] = [];
  for (const [key, variable] of Object.entries(CATALOG)) {
    const parsed = parseVariable(variable, env[variable.name]);
    if ('fault' in parsed) faults.push(parsed.fault);
    else values[key] = parsed.value;
  }
  if (faults.length > 0) throw new ConfigError(faults);
  // The type follows from the same catalog that the loop went through.
  return values as Values;
}

function channelByDefault({ smtpUrl }: Values): ChannelName {
  return smtpUrl ? 'email' : 'log';
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
