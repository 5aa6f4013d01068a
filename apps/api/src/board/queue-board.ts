import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.js';
import { ApiError } from '../problems/api-error.js';
import { toProblem } from '../problems/to-problem.js';
import { guardBoard } from './guard.js';

const PREFIX = '/queues';

/** ioredis, while it has no connection. */
const AWAY_NAMES = new Set(['MaxRetriesPerRequestError']);
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);
const AWAY_MESSAGES = /^(Connection is closed|Stream isn't writeable)/;

/** Shows every queue at `/queues` (Bull Board), over the connection that the api adds its own jobs with. */
export function queueBoard(app: FastifyInstance, context: ApiContext): void {
  app.register(
    async (scope) => {
      // Its routes are made by the library: the api's own authentication leaves them to the guard.
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, open: true };
        route.schema = { ...route.schema, hide: true };
      });
      guardBoard(scope, context, PREFIX);
      await scope.register(boardOf(context).registerPlugin(), { prefix: '' });
    },
    { prefix: PREFIX },
  );
}

function boardOf({ producers, config, logger }: ApiContext): FastifyAdapter {
  const serverAdapter = new FastifyAdapter().setBasePath(PREFIX);
  const options = { readOnlyMode: !config.queuesWritable };
  createBullBoard({
    queues: Object.values(producers.queues).map((queue) => new BullMQAdapter(queue, options)),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Campaign Manager', hideRedisDetails: true } },
  });
  return serverAdapter.setErrorHandler((error) => {
    const told = asTold(error);
    if (!(told instanceof ApiError)) logger.error({ err: error }, 'The board could not answer');
    const { problem } = toProblem(told, PREFIX);
    // The page knows no problem documents: it shows what stands behind these two.
    const body = { ...problem, error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' }, message: problem.detail };
    return { status: problem.status as 500, body };
  });
}

/** What Redis and BullMQ say, in words of our catalogue. Pure. */
function asTold(error: Error & { readonly code?: unknown }): Error {
  const { name, message, code } = error;
  if (AWAY_NAMES.has(name) || AWAY_MESSAGES.test(message) || (typeof code === 'string' && AWAY_CODES.has(code))) {
    return new ApiError('unavailable', 'Redis does not answer at the moment; try again.');
  }
  // BullMQ's scripts answer a negative number where a job is gone, or in another state than it must be for this.
  if (typeof code === 'number' && code < 0) return new ApiError('conflict', `${message}.`);
  return error;
}
