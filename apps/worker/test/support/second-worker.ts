import { createDispatcher } from '../../src/delivery/dispatcher.js';
import { createRecorder } from '../../src/delivery/recorder.js';
import { createPermits } from '../../src/permits.js';
import { createScriptedChannel } from './scripted-channel.js';
import type { World } from './world.js';

/** Another worker process beside the first one: the same services and the same clock, a channel of its own, undisturbed. */
export function secondWorker({ context, store }: World): Pick<World, 'context' | 'channel'> {
  const { config } = context;
  const ports = { ...context, store };
  const channel = createScriptedChannel();
  const dispatcher = createDispatcher(ports, channel, createRecorder(ports), config.workerConcurrentTasks);
  return {
    channel,
    context: {
      ...ports,
      channels: new Map([['email', channel]]),
      dispatchers: new Map([['email', dispatcher]]),
      permits: createPermits(config.maxConcurrentConversations),
    },
  };
}
