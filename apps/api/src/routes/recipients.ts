import { checkRecipient, type Recipient, recipientSchema } from '@campaign-manager/core/schemas';
import { loadRecipients, NotFoundError, saveRecipients } from '@campaign-manager/core/store';
import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.js';
import { documented } from '../http/documented.js';
import { acceptNdjson } from '../http/json-body.js';
import { type IdParams, idParams } from '../http/params.js';
import { checkList, repeatedIds } from '../imports/check-list.js';
import { type ImportResult, importLines } from '../imports/import-lines.js';
import { isStream } from '../imports/is-stream.js';
import { checkedValue, invalidDocument } from '../problems/api-error.js';

const recipient = documented(recipientSchema);

export function recipientRoutes(app: FastifyInstance, { store }: ApiContext): void {
  acceptNdjson(app);

  app.post(
    '/v1/recipients',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['recipients'],
        summary: 'Store recipients, replacing those that exist: all of a JSON list or none, or line by line as NDJSON',
        body: {
          content: {
            'application/json': { schema: { anyOf: [recipient, { type: 'array', items: recipient }] } },
            'application/x-ndjson': { schema: { type: 'string', description: 'One recipient per line.' } },
          },
        },
      },
    },
    async ({ body }) => {
      if (isStream(body)) return importRecipients(body);
      const recipients = Array.isArray(body)
        ? checkedValue(checkList(body, checkRecipient))
        : [checkedValue(checkRecipient(body))];
      const repeated = repeatedIds(
        recipients.map(({ _id }) => _id),
        '_id',
      );
      if (repeated.length > 0) throw invalidDocument(repeated);
      const { created } = await saveRecipients(store, recipients);
      return { accepted: recipients.length, created, refused: 0, faults: [] };
    },
  );

  app.get<{ Params: IdParams }>(
    '/v1/recipients/:id',
    { config: { scope: 'read' }, schema: { tags: ['recipients'], summary: 'One recipient', params: idParams } },
    async ({ params: { id } }) => {
      const found = (await loadRecipients(store, [id])).get(id);
      if (!found) throw new NotFoundError('recipient', id);
      return found;
    },
  );

  async function importRecipients(stream: AsyncIterable<Buffer>): Promise<ImportResult & { created: number }> {
    let created = 0;
    const result = await importLines<Recipient>(stream, {
      check: checkRecipient,
      store: async (batch) => {
        // Of two lines with one id the later one counts; within one bulk their order would not be certain.
        const latest = new Map(batch.map(({ value }) => [value._id, value]));
        created += (await saveRecipients(store, [...latest.values()])).created;
        return [];
      },
    });
    return { ...result, created };
  }
}
