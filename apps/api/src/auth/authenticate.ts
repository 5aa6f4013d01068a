import type { ApiKeyDocument } from '@campaign-manager/core/models';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.js';
import { ApiError } from '../problems/api-error.js';
import { createKeyFinder } from './find-key.js';
import type { Scope } from './scopes.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key needs for this route. A route without one is open to nobody. */
    scope?: Scope;
    /** Open to everybody, without a key: what is behind it must prove itself otherwise. */
    open?: true;
  }
  interface FastifyRequest {
    apiKey: ApiKeyDocument | null;
  }
}

/** Lets only requests with a known API key of the route's scope pass, before their bodies are read, and what is open to all. */
export function authenticate(app: FastifyInstance, context: Pick<ApiContext, 'store' | 'clock'>): void {
  const findKey = createKeyFinder(context);
  app.decorateRequest('apiKey', null);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.open) return;
    const given = keyOf(request);
    const key = given === null ? null : await findKey(given);
    if (!key) throw unauthorized(given !== null);
    request.apiKey = key;
    if (request.is404) return; // there is nothing to protect
    const { scope } = request.routeOptions.config;
    if (scope !== undefined && key.scopes.includes(scope)) return;
    throw new ApiError('forbidden', `The API key '${key.name}' lacks the scope '${scope}'.`);
  });
}

/** Who is asking, for the audit log: the name of the API key. */
export function callerOf(request: FastifyRequest): string {
  return request.apiKey?.name ?? '';
}

function keyOf({ headers }: FastifyRequest): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  const own = headers['x-api-key'];
  return bearer ?? (typeof own === 'string' && own !== '' ? own : null);
}

/** RFC 6750, section 3. */
function unauthorized(given: boolean): ApiError {
  const challenge = `Bearer realm="campaign-manager"${given ? ', error="invalid_token"' : ''}`;
  const detail = given
    ? 'The API key is not known.'
    : 'Send an API key as `Authorization: Bearer <key>` or in `X-Api-Key`.';
  return new ApiError('unauthorized', detail, { headers: { 'www-authenticate': challenge } });
}
