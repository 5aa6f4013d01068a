import type { ConversationStatus } from '@campaign-manager/core/engine';
import { idSchema } from '@campaign-manager/core/schemas';
import {
  audit,
  ConflictError,
  listConversations,
  listMessages,
  loadCampaign,
  loadConversation,
  loadTimeline,
} from '@campaign-manager/core/store';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import type { ApiContext } from '../context.js';
import { commandSchema, validateCommand } from '../conversations/commands.js';
import { explainConversation, explainedText } from '../conversations/explain.js';
import { presentConversation, presentMessage } from '../conversations/present-conversation.js';
import { refuseSenseless, tell } from '../conversations/tell.js';
import { type PageQuery, pageProperties, readPage } from '../http/pages.js';
import { conversationParams, type IdParams, idParams } from '../http/params.js';
import { prefersText } from '../http/prefers-text.js';
import { within } from '../http/within.js';
import { checkedValue } from '../problems/api-error.js';

const MESSAGES_SHOWN = 1000;

const listSchema = {
  type: 'object',
  properties: { ...pageProperties, status: { enum: ['active', 'blocked', 'completed'] }, stage: idSchema },
  additionalProperties: false,
} as const;

interface ListQuery extends PageQuery {
  readonly status?: ConversationStatus;
  readonly stage?: string;
}

export function conversationRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store, clock } = context;

  app.get<{ Params: IdParams; Querystring: ListQuery }>(
    '/v1/campaigns/:id/conversations',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['conversations'],
        summary: 'Conversations of a campaign',
        params: idParams,
        querystring: listSchema,
      },
    },
    async ({ params: { id }, query }) => {
      await loadCampaign(store, id);
      const read = (after: string, limit: number) => listConversations(store, id, query, after, limit);
      return readPage(within(id, query), read, presentConversation);
    },
  );

  app.get<{ Params: IdParams }>(
    '/v1/conversations/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['conversations'],
        summary: 'One conversation with its history and its messages; times of its state are campaign time',
        params: conversationParams,
      },
    },
    async ({ params: { id } }) => {
      const conversation = await loadConversation(store, id);
      const [timeline, messages] = await Promise.all([
        loadTimeline(store, conversation),
        listMessages(store, { conversationId: id }, undefined, '', MESSAGES_SHOWN),
      ]);
      return { ...presentConversation(conversation), timeline, messages: messages.map(presentMessage) };
    },
  );

  app.get<{ Params: IdParams }>(
    '/v1/conversations/:id/explain',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['conversations'],
        summary: 'Why a conversation is where it is, and what comes next',
        description:
          'Decisions so far, what is awaited, what happens if nothing comes, and what each response would do. Times are wall clock, in milliseconds since 1970 (UTC). `Accept: text/plain` gives sentences.',
        params: conversationParams,
      },
    },
    async ({ params: { id }, headers }, reply) => {
      const explained = await explainConversation(context, id);
      reply.header('vary', 'accept');
      return prefersText(headers.accept)
        ? reply.type('text/plain; charset=utf-8').send(explainedText(explained))
        : explained;
    },
  );

  app.post<{ Params: IdParams }>(
    '/v1/conversations/:id/commands',
    {
      config: { scope: 'operate' },
      schema: {
        tags: ['conversations'],
        summary: 'Tell a conversation what to do',
        params: conversationParams,
        body: commandSchema,
      },
    },
    async (request, reply) => {
      const command = checkedValue(validateCommand(request.body));
      const conversation = await loadConversation(store, request.params.id);
      if (conversation.status === 'completed')
        throw new ConflictError(`Conversation '${conversation._id}' is completed.`);
      await refuseSenseless(context, conversation, command);
      const by = callerOf(request);
      const id = await tell(context, conversation, command, by);
      await audit(store, {
        at: new Date(clock.now()),
        by,
        action: `conversation.${command.name}`,
        target: conversation._id,
        detail: { ...command },
      });
      return reply.code(202).send({ id, status: 'queued' });
    },
  );
}
