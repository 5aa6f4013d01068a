/** An item of `GET /v1/channels`. */
export interface ChannelStatus {
  readonly name: string;
  readonly status: 'active' | 'paused';
  readonly reason?: string;
  readonly since?: string;
  readonly by?: string;
}

/** One line on a channel. Pure. */
export function describeChannel({ name, status, reason, since, by }: ChannelStatus): string {
  if (status === 'active') return `${name} is active.`;
  return `${name} is paused since ${since} by ${by}${reason === undefined ? '' : `: ${reason}`}.`;
}
