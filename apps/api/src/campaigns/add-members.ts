import {
  type AudienceMember,
  audienceMemberSchema,
  checkAudienceMember,
  compileValidator,
  expandDotted,
} from '@campaign-manager/core/schemas';
import { addAudienceMembers, closeImport, type NewMember, openImport, renewImport } from '@campaign-manager/core/store';
import type { ApiContext } from '../context.js';
import { checkList, firstFaults, repeatedIds } from '../imports/check-list.js';
import { type Entry, type ImportResult, importLines } from '../imports/import-lines.js';
import { checkedValue, invalidDocument } from '../problems/api-error.js';
import { IMPORT_LEASE_MS } from './import-lease.js';
import { unknownRecipients } from './unknown-recipients.js';

const { $id: _id, ...item } = audienceMemberSchema;
export const memberListSchema = { type: 'array', items: item } as const;
const validateList = compileValidator<readonly unknown[]>({ type: 'array' });

/**
 * Adds a JSON list of members to a draft's audience: all of them or none.
 * @throws ApiError `invalid_document` that names every fault, ConflictError where the campaign is no draft.
 */
export async function addMemberList(context: ApiContext, campaignId: string, body: unknown): Promise<ImportResult> {
  const { store } = context;
  const members = checkedValue(checkList(checkedValue(validateList(body)), checkAudienceMember));
  const ids = members.map(({ recipient_id }) => recipient_id);
  const unknown = await unknownRecipients(store, ids, (index) => `$[${index}].recipient_id`);
  const faults = [...repeatedIds(ids, 'recipient_id'), ...unknown.map(({ index: _index, ...fault }) => fault)];
  if (faults.length > 0) throw invalidDocument(firstFaults(faults));
  await whileImporting(context, campaignId, () => addAudienceMembers(store, campaignId, members.map(toMember)));
  return { accepted: members.length, refused: 0, faults: [] };
}

/** Adds members from an NDJSON stream to a draft's audience, line by line. */
export function importMembers(
  context: ApiContext,
  campaignId: string,
  stream: AsyncIterable<Buffer>,
): Promise<ImportResult> {
  const { store } = context;
  return whileImporting(context, campaignId, (renew) =>
    importLines<AudienceMember>(stream, {
      check: checkAudienceMember,
      store: async (batch) => {
        await renew(); // also proves that nobody launched the campaign while the stream paused
        const ids = batch.map(({ value }) => value.recipient_id);
        const unknown = await unknownRecipients(store, ids, () => '$.recipient_id');
        const refused = new Set(unknown.map(({ index }) => index));
        const known = batch.filter((_, index) => !refused.has(index));
        await addAudienceMembers(store, campaignId, latestOfEach(known).map(toMember));
        return unknown.map(({ index, ...fault }) => ({ line: batch[index]?.line ?? 0, ...fault }));
      },
    }),
  );
}

/** Keeps the campaign from being launched meanwhile, as long as the work goes on. */
async function whileImporting<T>(
  { store, clock }: ApiContext,
  campaignId: string,
  work: (renew: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const until = () => clock.now() + IMPORT_LEASE_MS;
  const lease = await openImport(store, campaignId, until());
  try {
    return await work(() => renewImport(store, campaignId, lease, until()));
  } finally {
    await closeImport(store, campaignId, lease);
  }
}

/** Of two lines with one recipient the later one counts; within one bulk their order would not be certain. */
function latestOfEach(batch: readonly Entry<AudienceMember>[]): AudienceMember[] {
  return [...new Map(batch.map(({ value }) => [value.recipient_id, value])).values()];
}

function toMember({ recipient_id, context = {} }: AudienceMember): NewMember {
  const expanded = expandDotted(context, ['context']);
  return { recipient_id, context: checkedValue(expanded) };
}
