import { newTraceId, withTrace } from '@campaign-manager/runtime';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    traceId: string;
  }
}

const TRACE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Runs every request within a trace, the caller's or a new one, and tells it in `X-Trace-Id`. The body is read in the
 * socket's own context, so the trace is entered again behind it.
 */
export function traceRequests(app: FastifyInstance): void {
  app.decorateRequest('traceId', '');
  app.addHook('onRequest', (request, reply, done) => {
    const given = request.headers['x-trace-id'];
    request.traceId = typeof given === 'string' && TRACE_ID.test(given) ? given : newTraceId();
    reply.header('x-trace-id', request.traceId);
    withTrace(request.traceId, done);
  });
  app.addHook('preValidation', (request, _reply, done) => withTrace(request.traceId, done));
}
