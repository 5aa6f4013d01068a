import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.js';

/** One line per request: the route's pattern, never the path, since ids and queries can name people. */
export function logRequests(app: FastifyInstance, { logger }: Pick<ApiContext, 'logger'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const duration_ms = Math.round(reply.elapsedTime);
    logger.info({ ...describe(request), status: reply.statusCode, duration_ms }, 'Request');
  });
  app.addHook('onRequestAbort', async (request) => {
    logger.info(describe(request), 'A client went away before its request was answered');
  });
}

function describe(request: FastifyRequest) {
  return { method: request.method, route: request.routeOptions.url ?? '(none)', key: request.apiKey?.name };
}
