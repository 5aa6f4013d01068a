import { type Checked, checkAudienceMember, checkRecipient, checkSuppression } from '@campaign-manager/core/schemas';
import type { FromCells } from './read-rows.js';

/** Where an import goes to, and what its rows are. */
export interface Target {
  readonly path: string;
  /** The column that every CSV file must have. */
  readonly required: string;
  readonly fromCells: FromCells;
  /** Adds to a row, of whatever format, what the caller said of all of them. */
  complete?(this: void, document: unknown): unknown;
  check(document: unknown): Checked<unknown>;
}

const CONSENT = 'consent.';
const CONTEXT = 'context.';

export const RECIPIENTS: Target = {
  path: '/v1/recipients',
  required: '_id',
  fromCells: (cells) => {
    const consent = cells.filter(([column]) => column.startsWith(CONSENT));
    return Object.fromEntries([
      ...cells.filter(([column]) => !column.startsWith(CONSENT)),
      ...(consent.length === 0 ? [] : [['consent', Object.fromEntries(consent.map(toConsent))]]),
    ]);
  },
  check: checkRecipient,
};

/** Rows as `campaign suppressions export` writes them; `channel` is that of rows which name none. */
export function suppressionsOf(channel: string | undefined): Target {
  const withChannel = (document: unknown) =>
    channel !== undefined && typeof document === 'object' && document !== null && !('channel' in document)
      ? { channel, ...document }
      : document;
  return {
    path: '/v1/suppressions',
    required: 'address',
    fromCells: (cells) => Object.fromEntries(cells),
    complete: withChannel,
    check: checkSuppression,
  };
}

/** Every column beside `recipient_id` is context of the member; `context.` before its name may be left out. */
export function audienceOf(campaign: string): Target {
  return {
    path: `/v1/campaigns/${encodeURIComponent(campaign)}/audience`,
    required: 'recipient_id',
    fromCells: (cells) => {
      const context = cells.filter(([column]) => column !== 'recipient_id');
      return Object.fromEntries([
        ...cells.filter(([column]) => column === 'recipient_id'),
        ...(context.length === 0 ? [] : [['context', Object.fromEntries(context.map(withoutPrefix))]]),
      ]);
    },
    check: checkAudienceMember,
  };
}

/** Other texts stay as they are, so that the check names them. */
function toConsent([column, text]: readonly [string, string]): [string, unknown] {
  const given = text.toLowerCase();
  return [column.slice(CONSENT.length), given === 'true' ? true : given === 'false' ? false : text];
}

function withoutPrefix([column, text]: readonly [string, string]): [string, string] {
  return [column.startsWith(CONTEXT) ? column.slice(CONTEXT.length) : column, text];
}
