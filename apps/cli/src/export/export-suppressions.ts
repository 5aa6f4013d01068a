import type { Api } from '../api-client.js';
import { type FORMATS, formatOf } from '../import/import-file.js';
import type { Screen } from '../screen.js';
import { writeExport } from './write-export.js';

export interface ExportOptions {
  readonly format?: (typeof FORMATS)[number];
  readonly channel?: string;
}

/** Writes the suppression list to a file, whole or not at all, or to standard output. */
export async function exportSuppressions(
  api: Api,
  file: string | undefined,
  { format = file === undefined ? 'csv' : formatOf(file), channel }: ExportOptions,
  screen: Screen,
): Promise<boolean> {
  const query = new URLSearchParams({ format, ...(channel !== undefined && { channel }) });
  const stream = await api.getStream(`/v1/suppressions?${query}`);
  const isCsv = format === 'csv';
  await writeExport(stream, file, { unit: 'addresses', quotes: isCsv, heads: isCsv ? 1 : 0 }, screen);
  return true;
}
