/** The header in which an email carries its ledger key. */
export const KEY_HEADER = 'x-campaign-message';
