import type { WorkerContext } from '../context.js';
import type { Committed } from './after-commit.js';

/** So many ids stand in one line of the log; the api lists all (`?status=blocked`). */
const SHOWN = 10;

/** Of these the detail is a name out of the template or of an operator; any other may be the words of custom logic. */
const NAMING = ['missing_variable', 'unknown_stage'];

/** Logs which conversations were blocked by committed decisions of one campaign, in one line for each reason. */
export function tellBlocked({ logger }: Pick<WorkerContext, 'logger'>, committed: readonly Committed[]): void {
  const byReason = new Map<string, Committed['document'][]>();
  for (const { document, events } of committed) {
    if (document.status !== 'blocked' || !events.some(({ type }) => type === 'blocked')) continue;
    const reason = withoutValues(document.reason);
    const alike = byReason.get(reason);
    if (alike) alike.push(document);
    else byReason.set(reason, [document]);
  }
  for (const [reason, documents] of byReason) {
    const ids = documents.slice(0, SHOWN).map(({ _id }) => _id);
    const campaign_id = documents[0]?.campaign_id;
    logger.warn(
      { campaign_id, reason, conversations: documents.length, conversation_ids: ids },
      'Conversations are blocked',
    );
  }
}

function withoutValues(reason = ''): string {
  const code = reason.split(': ', 1)[0] ?? '';
  return NAMING.includes(code) ? reason : code;
}
