import { eraseRecipient, listReceipts } from '@campaign-manager/core/store';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import type { ApiContext } from '../context.js';
import { type PageQuery, pageSchema, readPage } from '../http/pages.js';
import { type IdParams, idParams } from '../http/params.js';
import { exportLines } from '../recipients/export-lines.js';
import { erasureSchema, presentErasure, presentReceipt } from '../recipients/present-erasure.js';

/** What the law lets a person ask for: everything that is stored about them, and that it is not any more. */
export function erasureRoutes(app: FastifyInstance, { store, clock }: ApiContext): void {
  app.get<{ Params: IdParams }>(
    '/v1/recipients/:id/export',
    {
      config: { scope: 'operate' },
      schema: {
        tags: ['recipients'],
        summary: 'Everything that is stored about a recipient, as NDJSON: a line for each document of each collection',
        params: idParams,
        response: {
          200: {
            description: 'One `{"collection": ..., "document": ...}` a line.',
            content: { 'application/x-ndjson': { schema: { type: 'string' } } },
          },
        },
      },
    },
    async ({ params: { id } }, reply) =>
      reply.type('application/x-ndjson; charset=utf-8').send(await exportLines(store, id)),
  );

  app.post<{ Params: IdParams }>(
    '/v1/recipients/:id/erasure',
    {
      config: { scope: 'operate' },
      schema: {
        tags: ['recipients'],
        summary: 'Erase everything personal of a recipient; asking again goes on, or answers the same receipt',
        params: idParams,
        response: {
          200: { description: 'It is complete.', ...erasureSchema },
          202: { description: 'It waits for something; ask again.', ...erasureSchema },
        },
      },
    },
    async (request, reply) => {
      const { receipt, awaited } = await eraseRecipient(store, request.params.id, {
        by: callerOf(request),
        now: () => clock.now(),
      });
      const complete = receipt.detail.status === 'complete';
      if (!complete) reply.header('retry-after', '2');
      return reply.code(complete ? 200 : 202).send(presentReceipt(receipt, awaited));
    },
  );

  app.get<{ Querystring: PageQuery }>(
    '/v1/erasures',
    {
      config: { scope: 'operate' },
      schema: {
        tags: ['recipients'],
        summary: 'Receipts of all erasures, oldest first: to be repeated after a backup is restored',
        querystring: pageSchema,
      },
    },
    ({ query }) => readPage(query, (after, limit) => listReceipts(store, after, limit), presentErasure),
  );
}
