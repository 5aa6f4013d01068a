import type { ChannelDocument } from '@campaign-manager/core/models';
import { CHANNEL_NAMES, type ChannelName, compileValidator } from '@campaign-manager/core/schemas';
import { audit, loadChannels, NotFoundError, pauseChannel, resumeChannel } from '@campaign-manager/core/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import type { ApiContext } from '../context.js';
import { checkedValue } from '../problems/api-error.js';

interface NameParams {
  readonly name: string;
}

interface Pause {
  readonly reason?: string;
}

const params = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', description: CHANNEL_NAMES.join(', ') } },
  additionalProperties: false,
} as const;

const pauseSchema = {
  type: 'object',
  properties: { reason: { type: 'string', minLength: 1, maxLength: 1000, description: 'Shown to whoever looks.' } },
  additionalProperties: false,
} as const;

const validatePause = compileValidator<Pause>(pauseSchema);

/** A channel as clients see it; `since` and `by` are absent where nobody has paused it yet. */
function presentChannel(name: ChannelName, channel: Omit<ChannelDocument, '_id'> | undefined) {
  if (!channel) return { name, status: 'active' };
  const { status, reason, since, by } = channel;
  return { name, status, ...(reason !== undefined && { reason }), since: new Date(since).toISOString(), by };
}

export function channelRoutes(app: FastifyInstance, context: ApiContext): void {
  const { store, clock } = context;

  app.get(
    '/v1/channels',
    { config: { scope: 'read' }, schema: { tags: ['channels'], summary: 'Every channel, and whether it is paused' } },
    async () => {
      const known = await loadChannels(store);
      return {
        items: CHANNEL_NAMES.map((name) =>
          presentChannel(
            name,
            known.find(({ _id }) => _id === name),
          ),
        ),
      };
    },
  );

  app.post<{ Params: NameParams }>(
    '/v1/channels/:name/pause',
    {
      config: { scope: 'operate' },
      schema: {
        tags: ['channels'],
        summary: 'Pause: nothing is sent over it by any worker until it is resumed; nothing is lost',
        params,
        body: pauseSchema,
      },
    },
    async (request) => {
      const name = channelOf(request.params);
      const { reason } = checkedValue(validatePause(request.body ?? {}));
      const change = { by: callerOf(request), now: clock.now(), ...(reason !== undefined && { reason }) };
      const channel = await pauseChannel(store, name, change);
      await auditOf('pause', name, request, reason);
      return { channel: presentChannel(name, channel) };
    },
  );

  app.post<{ Params: NameParams }>(
    '/v1/channels/:name/resume',
    {
      config: { scope: 'operate' },
      schema: { tags: ['channels'], summary: 'Resume: what has waited goes out from the next poll on', params },
    },
    async (request) => {
      const name = channelOf(request.params);
      const channel = await resumeChannel(store, name, { by: callerOf(request), now: clock.now() });
      await auditOf('resume', name, request);
      return { channel: presentChannel(name, channel) };
    },
  );

  function auditOf(verb: 'pause' | 'resume', name: ChannelName, request: FastifyRequest, reason?: string) {
    const detail = reason === undefined ? {} : { detail: { reason } };
    return audit(store, {
      at: new Date(clock.now()),
      by: callerOf(request),
      action: `channel.${verb}`,
      target: name,
      ...detail,
    });
  }
}

function channelOf({ name }: NameParams): ChannelName {
  const known = CHANNEL_NAMES.find((channel) => channel === name);
  if (known) return known;
  throw new NotFoundError('channel', name);
}
