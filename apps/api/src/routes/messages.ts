import { ROW_STATUSES, type RowStatus, UNSENT_STATUSES } from '@campaign-manager/core/models';
import { compileValidator } from '@campaign-manager/core/schemas';
import { listMessages, listUnsent, loadCampaign } from '@campaign-manager/core/store';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import type { ApiContext } from '../context.js';
import { presentMessage } from '../conversations/present-conversation.js';
import { type Resolution, resolveMessage } from '../conversations/resolve-message.js';
import { type PageQuery, pageProperties, readPage } from '../http/pages.js';
import { type IdParams, idParams, messageParams } from '../http/params.js';
import { within } from '../http/within.js';
import { checkedValue } from '../problems/api-error.js';

const listSchema = {
  type: 'object',
  properties: { ...pageProperties, status: { enum: ROW_STATUSES } },
  additionalProperties: false,
} as const;

const inboxSchema = {
  type: 'object',
  required: ['status'],
  properties: { ...pageProperties, status: { enum: UNSENT_STATUSES } },
  additionalProperties: false,
} as const;

interface InboxQuery extends PageQuery {
  readonly status: (typeof UNSENT_STATUSES)[number];
}

interface ListQuery extends PageQuery {
  readonly status?: RowStatus;
}

const resolutionSchema = {
  type: 'object',
  required: ['action'],
  properties: {
    action: {
      enum: ['confirm', 'abandon', 'resend'],
      description: 'It arrived; it is given up; it is given up and sent again under a new key.',
    },
    note: { type: 'string', maxLength: 1000, description: 'How you know. Kept with the message.' },
  },
  additionalProperties: false,
} as const;

const validateResolution = compileValidator<Resolution>(resolutionSchema);

export function messageRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store } = context;

  app.get<{ Params: IdParams; Querystring: ListQuery }>(
    '/v1/campaigns/:id/messages',
    {
      config: { scope: 'read' },
      schema: { tags: ['messages'], summary: "A campaign's ledger", params: idParams, querystring: listSchema },
    },
    async ({ params: { id }, query }) => {
      await loadCampaign(store, id);
      const read = (after: string, limit: number) =>
        listMessages(store, { campaignId: id }, query.status, after, limit);
      return readPage(within(id, query), read, presentMessage);
    },
  );

  app.get<{ Querystring: InboxQuery }>(
    '/v1/messages',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['messages'],
        summary: "Messages of all campaigns that were not sent, by status; `unknown` ones wait for an operator's word",
        querystring: inboxSchema,
      },
    },
    ({ query }) => readPage(query, (after, limit) => listUnsent(store, query.status, after, limit), presentMessage),
  );

  app.post<{ Params: IdParams }>(
    '/v1/messages/:id/resolve',
    {
      config: { scope: 'operate' },
      schema: {
        tags: ['messages'],
        summary: 'Say what became of a message that nobody knows about (`unknown`)',
        params: messageParams,
        body: resolutionSchema,
      },
    },
    (request) =>
      resolveMessage(context, request.params.id, checkedValue(validateResolution(request.body)), callerOf(request)),
  );
}
