import { campaignProgress, loadCampaign } from '@campaign-manager/core/store';
import type { FastifyInstance } from 'fastify';
import { createProgressCache } from '../campaigns/progress-cache.js';
import type { ApiContext } from '../context.js';
import { type IdParams, idParams } from '../http/params.js';

const querySchema = {
  type: 'object',
  properties: { fresh: { type: 'boolean', description: 'Count anew, whatever is cached.' } },
  additionalProperties: false,
} as const;

export function progressRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store, clock } = context;
  const cached = createProgressCache(context);

  app.get<{ Params: IdParams; Querystring: { fresh?: boolean } }>(
    '/v1/campaigns/:id/progress',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['campaigns'],
        summary: 'Where the conversations and messages of a campaign stand, as of `computed_at`',
        params: idParams,
        querystring: querySchema,
      },
    },
    async ({ params: { id }, query: { fresh = false } }) => {
      const campaign = await loadCampaign(store, id);
      const { status, result = null, conversation_states_initialized } = campaign;
      const figures = await cached(campaign, fresh, () => campaignProgress(store, id, new Date(clock.now())));
      return { campaign_id: id, status, result, conversation_states_initialized, ...figures };
    },
  );
}
