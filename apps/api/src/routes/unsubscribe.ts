import { optOutOfMessage } from '@campaign-manager/core/store';
import { createTokens } from '@campaign-manager/mail';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiContext } from '../context.js';
import { addAdvances } from '../jobs.js';
import { toProblem } from '../problems/to-problem.js';
import { acceptForms, isOneClick } from '../unsubscribe/form-body.js';
import { PAGE_HEADERS, type PageName, unsubscribePage } from '../unsubscribe/page.js';

interface Params {
  readonly token: string;
}

/**
 * One-click unsubscribe (RFC 8058), for the recipients of messages: the signed link is all that they need. Looking at
 * the page changes nothing, because mail scanners follow links. A link that is not ours learns nothing.
 */
export function unsubscribeRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store, clock, config, logger } = context;
  if (config.linkSecret === undefined) return;
  const tokens = createTokens(config.linkSecret);
  acceptForms(app);
  app.setErrorHandler((error, request, reply) => {
    const { status } = toProblem(error, '').problem; // whose instance would be the link
    if (status >= 500) logger.error({ err: error, route: request.routeOptions.url }, 'Somebody could not unsubscribe');
    return show(reply, status, status >= 500 ? 'trouble' : 'unclear');
  });

  app.get<{ Params: Params }>(
    '/u/:token',
    { config: { open: true }, schema: describe('A page that asks whether to unsubscribe; it changes nothing') },
    ({ params: { token } }, reply) => {
      const known = tokens.verify('unsubscribe', token) !== null;
      return known ? show(reply, 200, 'ask') : show(reply, 404, 'unknown');
    },
  );

  app.post<{ Params: Params }>(
    '/u/:token',
    { config: { open: true }, schema: describe('Unsubscribe: the form `List-Unsubscribe=One-Click` (RFC 8058)') },
    async ({ params: { token }, body }, reply) => {
      const key = tokens.verify('unsubscribe', token);
      if (key === null) return show(reply, 404, 'unknown');
      if (!isOneClick(body)) return show(reply, 400, 'unclear');
      const wake = await optOutOfMessage(store, key, { reason: 'unsubscribe', at: clock.now() });
      if (wake === null) return show(reply, 404, 'unknown');
      await addAdvances(context, wake);
      return show(reply, 200, 'done');
    },
  );
}

function describe(summary: string) {
  return { tags: ['unsubscribe'], summary, security: [] };
}

function show(reply: FastifyReply, status: number, page: PageName): FastifyReply {
  return reply.code(status).headers(PAGE_HEADERS).send(unsubscribePage(page));
}
