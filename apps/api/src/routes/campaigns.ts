import { campaignSchema } from '@campaign-manager/core/schemas';
import { listCampaigns, loadCampaign } from '@campaign-manager/core/store';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import { createCampaign } from '../campaigns/create-campaign.js';
import { presentCampaign } from '../campaigns/present-campaign.js';
import type { ApiContext } from '../context.js';
import { documented } from '../http/documented.js';
import { acceptYaml } from '../http/json-body.js';
import { type PageQuery, pageSchema, readPage } from '../http/pages.js';
import { type IdParams, idParams } from '../http/params.js';

export function campaignRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store } = context;

  acceptYaml(app);

  app.post(
    '/v1/campaigns',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['campaigns'],
        summary: 'Create a campaign with its recipients; posted as `scheduled`, it starts by itself',
        body: documented(campaignSchema),
      },
    },
    async (request, reply) => {
      const { campaign, ...checks } = await createCampaign(context, request.body, callerOf(request));
      return reply.code(201).send({ campaign: presentCampaign(campaign), ...checks });
    },
  );

  app.get<{ Querystring: PageQuery }>(
    '/v1/campaigns',
    { config: { scope: 'read' }, schema: { tags: ['campaigns'], summary: 'All campaigns', querystring: pageSchema } },
    ({ query }) => readPage(query, (after, limit) => listCampaigns(store, after, limit), presentCampaign),
  );

  app.get<{ Params: IdParams }>(
    '/v1/campaigns/:id',
    { config: { scope: 'read' }, schema: { tags: ['campaigns'], summary: 'One campaign', params: idParams } },
    async ({ params: { id } }) => presentCampaign(await loadCampaign(store, id)),
  );
}
