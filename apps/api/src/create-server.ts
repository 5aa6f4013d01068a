import { type FastifyInstance, fastify } from 'fastify';
import { authenticate } from './auth/authenticate.js';
import { queueBoard } from './board/queue-board.js';
import type { ApiContext } from './context.js';
import { BODY_LIMIT, parseJsonBodies } from './http/json-body.js';
import { logRequests } from './http/request-log.js';
import { traceRequests } from './http/tracing.js';
import { validatorCompiler } from './http/validation.js';
import { describeApi } from './openapi.js';
import { handleProblems, sendProblem } from './problems/problem-handlers.js';
import { audienceRoutes } from './routes/audience.js';
import { campaignRoutes } from './routes/campaigns.js';
import { channelRoutes } from './routes/channels.js';
import { conversationRoutes } from './routes/conversations.js';
import { erasureRoutes } from './routes/erasures.js';
import { lifecycleRoutes } from './routes/lifecycle.js';
import { messageRoutes } from './routes/messages.js';
import { progressRoutes } from './routes/progress.js';
import { recipientRoutes } from './routes/recipients.js';
import { responseRoutes } from './routes/responses.js';
import { simulationRoutes } from './routes/simulations.js';
import { suppressionRoutes } from './routes/suppressions.js';
import { templateRoutes } from './routes/templates.js';
import { unsubscribeRoutes } from './routes/unsubscribe.js';

const ROUTES = [
  templateRoutes,
  recipientRoutes,
  erasureRoutes,
  campaignRoutes,
  lifecycleRoutes,
  audienceRoutes,
  progressRoutes,
  conversationRoutes,
  messageRoutes,
  responseRoutes,
  simulationRoutes,
  suppressionRoutes,
  unsubscribeRoutes,
  channelRoutes,
  queueBoard,
];

/** Two ids of 128 letters, a stage and three numbers, each letter as %XX. */
const MAX_PARAM_LENGTH = 2000;

/** Builds the server; it listens nowhere yet. Every resource has its own scope, with its own body types. */
export async function createServer(context: ApiContext): Promise<FastifyInstance> {
  const app = fastify({
    logger: false, // our own lines instead, which name nobody
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => sendProblem(context, error, request, reply),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  handleProblems(app, context);
  parseJsonBodies(app);
  traceRequests(app);
  logRequests(app, context);
  authenticate(app, context);
  await describeApi(app);
  for (const routes of ROUTES) app.register(async (scope) => routes(scope, context));
  return app;
}
