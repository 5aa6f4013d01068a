import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.js';

/** One line and one observation per request: the route's pattern, never the path, since ids and queries can name people. */
export function logRequests(app: FastifyInstance, { logger, metrics }: Pick<ApiContext, 'logger' | 'metrics'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const duration_ms = Math.round(reply.elapsedTime);
    const { method, route, key } = describe(request);
    logger.info({ method, route, key, status: reply.statusCode, duration_ms }, 'Request');
    metrics.httpRequestSeconds.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
  });
  app.addHook('onRequestAbort', async (request) => {
    logger.info(describe(request), 'A client went away before its request was answered');
  });
}

function describe(request: FastifyRequest) {
  return { method: request.method, route: request.routeOptions.url ?? '(none)', key: request.apiKey?.name };
}
