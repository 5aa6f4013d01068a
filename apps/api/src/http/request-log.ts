import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.js';

/** One line per request: the route's pattern, never the path, since ids and queries can name people. */
export function logRequests(app: FastifyInstance, { logger }: Pick<ApiContext, 'logger'>): void {
  app.addHook('onResponse', async (request, reply) => {
    logger.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? '(none)',
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime),
        key: request.apiKey?.name,
      },
      'Request',
    );
  });
}
