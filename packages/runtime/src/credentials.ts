/** Stands where something was taken out. */
export const MASK = '[REDACTED]';

const CREDENTIALS = /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>]*@/gi;

/** Takes user names and passwords out of every URI in a text: `redis://:secret@host` becomes `redis://[REDACTED]@host`. */
export function maskCredentials(text: string): string {
  return text.includes('://') ? text.replace(CREDENTIALS, `$1${MASK}@`) : text;
}
