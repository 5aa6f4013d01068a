import { randomUUID } from 'node:crypto';
import { conversationId } from '@campaign-manager/core/engine';
import type { ResponseDocument } from '@campaign-manager/core/models';
import {
  checkResponse,
  compileValidator,
  idSchema,
  type ResponseInput,
  responseSchema,
} from '@campaign-manager/core/schemas';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.js';
import { documented } from '../http/documented.js';
import { ApiError, checkedValue } from '../problems/api-error.js';
import { createHandIn } from '../responses/hand-in.js';

/** A conversation holds up to a hundred replies that wait, within MongoDB's 16 MB. */
const BODY_LIMIT = 512 * 1024;

const validateId = compileValidator<string>(idSchema);

export function responseRoutes(app: FastifyInstance, context: ApiContext): void {
  const { clock } = context;
  const handIn = createHandIn(context);

  app.post(
    '/v1/responses',
    {
      config: { scope: 'respond' },
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ['responses'],
        summary: 'Hand in a reply; a second one with the same id (or Idempotency-Key) changes nothing',
        headers: {
          type: 'object',
          properties: {
            'idempotency-key': { type: 'string', description: 'Stands in for `id` where that is absent.' },
          },
        },
        body: documented(responseSchema),
      },
    },
    async (request, reply) => {
      const input = checkedValue(checkResponse(request.body));
      const handed = toDocument(input, idOf(input, request), clock.now());
      const { status, created } = await handIn(handed);
      const { _id: id, conversation_id } = handed;
      return reply.code(created ? 202 : 200).send({ id, status, conversation_id });
    },
  );
}

function idOf({ id }: ResponseInput, { headers }: FastifyRequest): string {
  const header = headers['idempotency-key'];
  if (id !== undefined) return id;
  if (header === undefined) return randomUUID();
  const checked = validateId(header);
  if (checked.ok) return checked.value;
  throw new ApiError('invalid_request', 'The Idempotency-Key is not valid.', { faults: checked.faults });
}

function toDocument(input: ResponseInput, _id: string, receivedAt: number): ResponseDocument {
  const conversation_id = conversationOf(input);
  const { intent, text, data } = input;
  return {
    _id,
    conversation_id,
    campaign_id: conversation_id.split('/', 1)[0] ?? '',
    status: 'received',
    received_at: receivedAt,
    ...(intent !== undefined && { intent }),
    ...(text !== undefined && { text }),
    ...(data !== undefined && { data }),
  };
}

/** The rules of responses made sure that one of the two forms is there. */
function conversationOf({ conversation_id, campaign_id = '', recipient_id = '' }: ResponseInput): string {
  return conversation_id ?? conversationId(campaign_id, recipient_id);
}
