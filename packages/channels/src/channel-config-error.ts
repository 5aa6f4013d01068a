import type { ChannelName } from '@campaign-manager/core/schemas';

/** Thrown when a channel is created from settings that can never work. The message holds no secret. */
export class ChannelConfigError extends Error {
  override readonly name = 'ChannelConfigError';
  readonly channel: ChannelName;

  constructor(channel: ChannelName, reason: string, options?: ErrorOptions) {
    super(`The ${channel} channel cannot be set up: ${reason}.`, options);
    this.channel = channel;
  }
}
