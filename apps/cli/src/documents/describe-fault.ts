import type { LocatedFault } from '@campaign-manager/core/documents';

/** A fault in one line, in the form that editors and terminals make a link of. */
export function describeFault(file: string, { line, column, path, message, hint }: LocatedFault): string {
  const more = hint === undefined ? '' : ` ${hint.charAt(0).toUpperCase()}${hint.slice(1)}`;
  return `${file}:${line}:${column}: ${path}: ${message}${more}`;
}
