import {
  isTracing,
  markFailed,
  newTraceId,
  type OpenSpan,
  openSpan,
  placeOfCaller,
  within,
  withTraceId,
} from '@campaign-manager/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    traceId: string;
    span: OpenSpan | undefined;
  }
}

const TRACE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Runs every request within a trace, the caller's or a new one, and tells it in `X-Trace-Id`. The body is read in the
 * socket's own context, so the trace is entered again behind it. With OpenTelemetry the trace is that of the request's
 * span, and the caller's is the one of its `traceparent`; without, the one that its `X-Trace-Id` names.
 */
export function traceRequests(app: FastifyInstance): void {
  app.decorateRequest('traceId', '');
  app.decorateRequest('span', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    if (isTracing()) openRequestSpan(request);
    else request.traceId = givenTraceId(request) ?? newTraceId();
    reply.header('x-trace-id', request.traceId);
    enter(request, done);
  });
  app.addHook('preValidation', (request, _reply, done) => enter(request, done));
  app.addHook('onRequestAbort', (request, done) => {
    request.span?.setAttribute('error.type', 'aborted');
    request.span?.end();
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    if (request.span?.isRecording()) endRequestSpan(request.span, reply);
    enter(request, done);
  });
}

function enter({ span, traceId }: FastifyRequest, run: () => void): void {
  if (span) within(span, run);
  else withTraceId(traceId, run);
}

function givenTraceId({ headers }: FastifyRequest): string | null {
  const given = headers['x-trace-id'];
  return typeof given === 'string' && TRACE_ID.test(given) ? given : null;
}

/** Named and described by the route's pattern, never the path, since ids and queries can name people. */
function openRequestSpan(request: FastifyRequest): void {
  const route = request.routeOptions.url;
  const span = openSpan(route === undefined ? request.method : `${request.method} ${route}`, {
    kind: 'server',
    under: placeOfCaller(request.headers),
    attributes: { 'http.request.method': request.method, ...(route !== undefined && { 'http.route': route }) },
  });
  request.span = span;
  request.traceId = span?.spanContext().traceId ?? newTraceId();
}

function endRequestSpan(span: OpenSpan, { statusCode }: FastifyReply): void {
  span.setAttribute('http.response.status_code', statusCode);
  if (statusCode >= 500) markFailed(span, String(statusCode));
  span.end();
}
