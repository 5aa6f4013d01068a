import type { AudienceMemberDocument } from '@campaign-manager/core/models';
import { audiencePage, audit, loadCampaign } from '@campaign-manager/core/store';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import { addMemberList, importMembers, memberListSchema } from '../campaigns/add-members.js';
import type { ApiContext } from '../context.js';
import { acceptNdjson } from '../http/json-body.js';
import { type PageQuery, pageSchema, readPage } from '../http/pages.js';
import { type IdParams, idParams } from '../http/params.js';
import { within } from '../http/within.js';
import { isStream } from '../imports/is-stream.js';

export function audienceRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store, clock } = context;
  acceptNdjson(app);

  app.post<{ Params: IdParams }>(
    '/v1/campaigns/:id/audience',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['audience'],
        summary: "Add members to a draft's audience: all of a JSON list or none, or line by line as NDJSON",
        params: idParams,
        body: {
          content: {
            'application/json': { schema: memberListSchema },
            'application/x-ndjson': { schema: { type: 'string', description: 'One member per line.' } },
          },
        },
      },
    },
    async (request) => {
      const { body } = request;
      const { _id } = await loadCampaign(store, request.params.id);
      const result = isStream(body) ? await importMembers(context, _id, body) : await addMemberList(context, _id, body);
      const { accepted, refused } = result;
      await audit(store, {
        at: new Date(clock.now()),
        by: callerOf(request),
        action: 'audience.add',
        target: _id,
        detail: { accepted, refused },
      });
      return result;
    },
  );

  app.get<{ Params: IdParams; Querystring: PageQuery }>(
    '/v1/campaigns/:id/audience',
    {
      config: { scope: 'read' },
      schema: { tags: ['audience'], summary: 'The audience', params: idParams, querystring: pageSchema },
    },
    async ({ params: { id }, query }) => {
      await loadCampaign(store, id);
      return readPage(within(id, query), (after, limit) => audiencePage(store, id, after, limit), present);
    },
  );
}

function present({ recipient_id, context }: AudienceMemberDocument) {
  return { recipient_id, context };
}
