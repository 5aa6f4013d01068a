import { audit } from '@campaign-manager/core/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import { createKeyFinder } from '../auth/find-key.js';
import type { ApiContext } from '../context.js';
import { ApiError } from '../problems/api-error.js';
import { sendProblem } from '../problems/problem-handlers.js';
import { actionOf, onlyLooks } from './actions.js';
import { boardKeyOf } from './credentials.js';
import { isCrossSite } from './same-origin.js';

/** The page loads nothing from elsewhere (the board's own asks for fonts of a third party) and stands in no other page. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * Stands before every route of the board, its static files included: only a key with the scope `operate` passes; nothing
 * is changed unless QUEUES_WRITABLE allows it, whatever the page shows; and what is changed is in the audit log first.
 */
export function guardBoard(scope: FastifyInstance, context: ApiContext, prefix: string): void {
  const findKey = createKeyFinder(context);

  scope.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    try {
      await pass(request);
    } catch (error) {
      return sendProblem(context, error, request, reply); // the board would answer it with a 500
    }
  });

  async function pass(request: FastifyRequest): Promise<void> {
    const given = boardKeyOf(request.headers);
    const key = given === null ? null : await findKey(given);
    if (!key) throw unauthorized(given !== null);
    request.apiKey = key;
    if (!key.scopes.includes('operate')) {
      throw new ApiError('forbidden', `The API key '${key.name}' lacks the scope 'operate'.`);
    }
    if (!onlyLooks(request.method)) await passChange(request);
  }

  async function passChange(request: FastifyRequest): Promise<void> {
    const { method, routeOptions, headers, params } = request;
    if (isCrossSite(headers)) throw new ApiError('forbidden', 'Only pages of the board itself may change queues.');
    if (!context.config.queuesWritable) {
      throw new ApiError('forbidden', 'The board is read-only: QUEUES_WRITABLE=true lets it change queues.');
    }
    const action = actionOf(method, routeOptions.url ?? '', prefix);
    if (action === null) {
      throw new ApiError('forbidden', 'The board moves and removes jobs; it does not make, rewrite or throttle them.');
    }
    await writeDown(request, action, params as Readonly<Record<string, string>>);
  }

  async function writeDown(
    request: FastifyRequest,
    action: string,
    { queueName = '*', ...detail }: Readonly<Record<string, string>>,
  ): Promise<void> {
    const at = new Date(context.clock.now());
    await audit(context.store, { at, by: callerOf(request), action, target: `queues/${queueName}`, detail });
  }
}

/** A browser asks for name and password only where `Basic` is offered (RFC 7617). */
function unauthorized(given: boolean): ApiError {
  const detail = given ? 'The API key is not known.' : 'Send an API key as a bearer token, or as the password.';
  const challenges = 'Basic realm="campaign-manager queues", charset="UTF-8", Bearer realm="campaign-manager"';
  return new ApiError('unauthorized', detail, { headers: { 'www-authenticate': challenges } });
}
