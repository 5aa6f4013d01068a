import { loadChannels, type Store } from '@campaign-manager/core/store';
import type { Finding } from './finding.js';

const what = 'Channels';

/** Channels over which nothing goes out at the moment. */
export async function checkChannels(store: Store): Promise<readonly Finding[]> {
  const paused = (await loadChannels(store)).filter(({ status }) => status === 'paused');
  if (paused.length === 0) return [{ ok: true, what, detail: 'none is paused' }];
  return paused.map(({ _id, since, by, reason = 'no reason given' }) => ({
    ok: false,
    what,
    wrong: `${_id} is paused since ${new Date(since).toISOString()} by ${by} (${reason})`,
    mend: `see to the reason, then \`campaign channels resume ${_id}\``,
  }));
}
