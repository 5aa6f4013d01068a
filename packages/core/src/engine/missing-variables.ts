import { lookup } from './lookup.js';
import type { ConversationState } from './types.js';

const CODE = 'missing_variable: ';
const RESPONSE = 'response';
/** What a text can insert; see `compileText`. */
const INSERTABLE: readonly string[] = ['string', 'number', 'boolean'];

/** Reason of a conversation that is blocked because a text needs these variables. */
export function missingVariables(names: readonly string[]): string {
  return CODE + names.join(', ');
}

/** Whether a conversation is blocked for nothing but fields of a reply, and replies have brought all of them by now. */
export function repliesBroughtWhatWasMissing({ status, reason, response_fields }: ConversationState): boolean {
  if (status !== 'blocked' || !reason?.startsWith(CODE)) return false;
  const names = reason.slice(CODE.length).split(', ');
  return names.every((name) => {
    const [root, ...path] = name.split('.');
    return root === RESPONSE && path.length > 0 && INSERTABLE.includes(typeof lookup(response_fields, path));
  });
}
