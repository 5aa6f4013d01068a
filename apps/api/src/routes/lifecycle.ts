import type { CampaignDocument } from '@campaign-manager/core/models';
import { audit, cancelCampaign, pauseCampaign, resumeCampaign } from '@campaign-manager/core/store';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import { launch } from '../campaigns/launch.js';
import { presentCampaign } from '../campaigns/present-campaign.js';
import type { ApiContext } from '../context.js';
import { type IdParams, idParams } from '../http/params.js';
import { addClose, addInitialize } from '../jobs.js';

/** A change of a campaign's status that needs nothing but its id. */
interface Transition {
  readonly summary: string;
  change(context: ApiContext, id: string, now: number): Promise<CampaignDocument>;
  /** What is to be done at once; the scheduler's poll would find it as well. */
  after?(context: ApiContext, campaign: CampaignDocument): Promise<void>;
}

const TRANSITIONS: Readonly<Record<'pause' | 'resume' | 'cancel', Transition>> = {
  pause: {
    summary: 'Pause: nothing is sent and no deadline passes until it is resumed',
    change: ({ store }, id, now) => pauseCampaign(store, id, now),
  },
  resume: {
    summary: 'Resume where it was paused',
    change: ({ store }, id, now) => resumeCampaign(store, id, now),
    after: async (context, campaign) => {
      if (!campaign.conversation_states_initialized) await addInitialize(context, campaign);
    },
  },
  cancel: {
    summary: 'Cancel: nothing is sent any more, and every open conversation is ended',
    change: ({ store }, id, now) => cancelCampaign(store, id, now),
    after: (context, { _id }) => addClose(context, _id),
  },
};

export function lifecycleRoutes(app: FastifyInstance, context: ApiContext): void {
  app.post<{ Params: IdParams }>(
    '/v1/campaigns/:id/launch',
    {
      config: { scope: 'write' },
      schema: { tags: ['campaigns'], summary: 'Check the audience and launch a draft', params: idParams },
    },
    async (request) => {
      const { campaign, ...checks } = await launch(context, request.params.id, callerOf(request));
      return { campaign: presentCampaign(campaign), ...checks };
    },
  );

  for (const [name, { summary, change, after }] of Object.entries(TRANSITIONS)) {
    app.post<{ Params: IdParams }>(
      `/v1/campaigns/:id/${name}`,
      { config: { scope: 'write' }, schema: { tags: ['campaigns'], summary, params: idParams } },
      async (request) => {
        const { id } = request.params;
        const now = context.clock.now();
        const campaign = await change(context, id, now);
        await audit(context.store, {
          at: new Date(now),
          by: callerOf(request),
          action: `campaign.${name}`,
          target: id,
        });
        await after?.(context, campaign);
        return { campaign: presentCampaign(campaign) };
      },
    );
  }
}
