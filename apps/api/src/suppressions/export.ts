import { Readable } from 'node:stream';
import type { ChannelName } from '@campaign-manager/core/schemas';
import { type Store, suppressionsPage } from '@campaign-manager/core/store';
import { type ExportedSuppression, presentSuppression } from './entries.js';

/** The whole list as a stream, in pages of a thousand: it is read no faster than it is taken. */
export const EXPORT_FORMATS = {
  ndjson: { type: 'application/x-ndjson', head: '', line: (entry: ExportedSuppression) => JSON.stringify(entry) },
  csv: { type: 'text/csv', head: 'channel,address,reason,source,created_at\n', line: csvLine },
} as const;

export type ExportFormat = keyof typeof EXPORT_FORMATS;

const PAGE = 1000;

export function exportSuppressions(store: Store, channel: ChannelName | undefined, format: ExportFormat): Readable {
  return Readable.from(pages(store, channel, format), { objectMode: false });
}

async function* pages(
  store: Store,
  channel: ChannelName | undefined,
  format: ExportFormat,
): AsyncGenerator<string, void, void> {
  const { head, line } = EXPORT_FORMATS[format];
  if (head !== '') yield head;
  for (let after = ''; ; ) {
    const page = await suppressionsPage(store, channel, after, PAGE);
    if (page.length > 0) yield page.map((document) => `${line(presentSuppression(document))}\n`).join('');
    const last = page.at(-1);
    if (page.length < PAGE || !last) return;
    after = last._id;
  }
}

function csvLine({ channel, address, reason, source = '', created_at }: ExportedSuppression): string {
  return [channel, address, reason, source, created_at].map(csvCell).join(',');
}

/** RFC 4180, section 2. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
