import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext } from '../context.js';
import { locateFaults } from '../http/located-faults.js';
import { ApiError } from './api-error.js';
import { toProblem } from './to-problem.js';

/** Answers every error, and every path that there is not, with a problem document. */
export function handleProblems(app: FastifyInstance, context: Pick<ApiContext, 'logger'>): void {
  app.setErrorHandler((error, request, reply) => sendProblem(context, error, request, reply));
  app.setNotFoundHandler((request) => {
    throw new ApiError('not_found', `There is no ${request.method} ${pathOf(request)}.`);
  });
}

export function sendProblem(
  { logger }: Pick<ApiContext, 'logger'>,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { problem, headers } = toProblem(error, pathOf(request), (faults) => locateFaults(request.body, faults));
  if (problem.status >= 500 && !request.raw.destroyed) {
    logger.error({ err: error, route: request.routeOptions?.url, code: problem.code }, 'A request failed');
  }
  return reply.code(problem.status).headers(headers).type('application/problem+json').send(problem);
}

/** Without the query, which may hold more than an error should repeat. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}
