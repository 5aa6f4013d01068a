import type { SuppressionDocument } from '@campaign-manager/core/models';
import { CHANNEL_NAMES, type ChannelName, checkSuppression, suppressionSchema } from '@campaign-manager/core/schemas';
import {
  addSuppressions,
  audit,
  findSuppression,
  NotFoundError,
  parseSuppressionId,
  removeSuppression,
  suppressionId,
  suppressionsPage,
} from '@campaign-manager/core/store';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import type { ApiContext } from '../context.js';
import { documented } from '../http/documented.js';
import { acceptNdjson } from '../http/json-body.js';
import { type PageQuery, pageProperties, readPage } from '../http/pages.js';
import type { IdParams } from '../http/params.js';
import { preferred } from '../http/prefers-text.js';
import { isStream } from '../imports/is-stream.js';
import { checkedValue } from '../problems/api-error.js';
import { presentSuppression, toSuppression } from '../suppressions/entries.js';
import { EXPORT_FORMATS, type ExportFormat, exportSuppressions } from '../suppressions/export.js';
import { importSuppressions } from '../suppressions/import.js';

const params = {
  type: 'object',
  required: ['id'],
  properties: {
    id: {
      type: 'string',
      pattern: `^(${CHANNEL_NAMES.join('|')}):`,
      maxLength: 300,
      description: 'Channel and address joined by `:`, URL-encoded.',
    },
  },
  additionalProperties: false,
} as const;

const listSchema = {
  type: 'object',
  properties: {
    ...pageProperties,
    channel: { enum: CHANNEL_NAMES },
    format: {
      enum: ['json', ...Object.keys(EXPORT_FORMATS)],
      description: 'Other than `json`: the whole list as one stream. So does `Accept`.',
    },
  },
  additionalProperties: false,
} as const;

interface ListQuery extends PageQuery {
  readonly channel?: ChannelName;
  readonly format?: ExportFormat | 'json';
}

export function suppressionRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store, clock } = context;
  acceptNdjson(app);

  app.get<{ Querystring: ListQuery }>(
    '/v1/suppressions',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['suppressions'],
        summary: 'Addresses that must not be written to: a page, or all of them as NDJSON or CSV',
        querystring: listSchema,
      },
    },
    ({ query, headers }, reply) => {
      const { channel } = query;
      const format = formatOf(query, headers.accept);
      reply.header('vary', 'accept');
      if (format !== 'json') {
        return reply
          .type(`${EXPORT_FORMATS[format].type}; charset=utf-8`)
          .send(exportSuppressions(store, channel, format));
      }
      return readPage(query, (after, limit) => suppressionsPage(store, channel, after, limit), presentSuppression);
    },
  );

  app.get<{ Params: IdParams }>(
    '/v1/suppressions/:id',
    {
      config: { scope: 'read' },
      schema: { tags: ['suppressions'], summary: 'Whether an address is suppressed', params },
    },
    async ({ params: { id } }) => presentSuppression(await load(normal(id))),
  );

  app.post(
    '/v1/suppressions',
    {
      config: { scope: 'operate' },
      schema: {
        tags: ['suppressions'],
        summary: 'Suppress an address (JSON), or many (NDJSON, line by line); one that is there stays as it is',
        body: {
          content: {
            'application/json': { schema: documented(suppressionSchema) },
            'application/x-ndjson': { schema: { type: 'string', description: 'One entry per line.' } },
          },
        },
      },
    },
    async (request, reply) => {
      const by = callerOf(request);
      if (isStream(request.body)) return importSuppressions(context, request.body, by);
      const added = toSuppression(checkedValue(checkSuppression(request.body)), 'manual', clock.now());
      const id = suppressionId(added.channel, added.address);
      const created = await addSuppressions(store, [added]);
      if (created > 0) await auditOf('suppression.add', id, by, { reason: added.reason });
      return reply.code(created > 0 ? 201 : 200).send(presentSuppression(await load(id)));
    },
  );

  app.delete<{ Params: IdParams }>(
    '/v1/suppressions/:id',
    {
      config: { scope: 'operate' },
      schema: { tags: ['suppressions'], summary: 'Take an address off the list: it is written to again', params },
    },
    async (request, reply) => {
      const id = normal(request.params.id);
      const { reason } = await load(id);
      if (!(await removeSuppression(store, id))) throw new NotFoundError('suppression', id);
      await auditOf('suppression.remove', id, callerOf(request), { reason });
      return reply.code(204).send();
    },
  );

  async function load(id: string): Promise<SuppressionDocument> {
    const found = await findSuppression(store, id);
    if (!found) throw new NotFoundError('suppression', id);
    return found;
  }

  function auditOf(action: string, target: string, by: string, detail: { readonly reason: string }): Promise<void> {
    return audit(store, { at: new Date(clock.now()), by, action, target, detail });
  }
}

function formatOf({ format }: ListQuery, accept: string | undefined): ExportFormat | 'json' {
  if (format !== undefined) return format;
  const formats = Object.keys(EXPORT_FORMATS) as ExportFormat[];
  const type = preferred(
    accept,
    formats.map((name) => EXPORT_FORMATS[name].type),
  );
  return formats.find((name) => EXPORT_FORMATS[name].type === type) ?? 'json';
}

/** The pattern made sure that the channel is one. */
function normal(id: string): string {
  const { channel, address } = parseSuppressionId(id);
  return suppressionId(channel as ChannelName, address);
}
