import { CATALOG } from './catalog.js';
import type { Config } from './config.js';
import type { Variables } from './variable.js';

/** The texts in a configuration that nobody may see: secret values, and passwords within secret URLs. */
export function secretTexts(config: Config): string[] {
  const catalog: Variables = CATALOG;
  return Object.entries(catalog).flatMap(([key, variable]) => {
    const value: unknown = config[key as keyof Config];
    if (!variable.secret || typeof value !== 'string') return [];
    return variable.kind === 'url' ? passwordsOf(value) : [value];
  });
}

function passwordsOf(uri: string): string[] {
  const password = /^[^:]+:\/\/[^/?#:]*:([^/?#]*)@/.exec(uri)?.[1];
  if (!password) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
