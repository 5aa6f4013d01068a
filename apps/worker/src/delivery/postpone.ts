import type { Channel } from '@campaign-manager/channels';
import { assertNever } from '@campaign-manager/core/engine';
import { insertSettledRows, postponeRetries } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { backoffMs } from './backoff.js';
import type { Delivery } from './delivery.js';
import { unsentRow } from './rows.js';
import type { ChannelTokens } from './tokens.js';
import { scheduleRetries } from './wake.js';

/** Why a message is not even tried now. It does not count as an attempt. */
export type PostponeReason = 'channel_unavailable' | 'channel_paused' | 'rate_limited' | 'rate_limit_unknown';

export interface Untried {
  readonly delivery: Delivery;
  readonly to: string;
}

/**
 * Lets messages wait in the ledger, as `retry` rows with a due time: those whose channel cannot take them now. They come
 * back one by one, not all at once. Those of a paused channel get no job: the scheduler hands them out after the resume.
 */
export async function postpone(
  ports: Ports,
  channel: Channel,
  tokens: ChannelTokens,
  messages: readonly Untried[],
  reason: PostponeReason,
): Promise<void> {
  for (const group of byCampaign(messages)) {
    const now = ports.clock.now();
    const pauses = await pausesOf(ports, tokens, group, reason);
    const waiting = group.map(({ delivery, to }, i) => {
      const dueAt = now + (pauses[i] ?? 0);
      return { delivery, dueAt, row: unsentRow(channel, delivery, to, { status: 'retry', reason, now, dueAt }) };
    });
    const fresh = waiting.filter(({ delivery }) => delivery.existing === null);
    const known = waiting.filter(({ delivery }) => delivery.existing !== null);
    await Promise.all([
      insertSettledRows(
        ports.store,
        fresh.map(({ row }) => row),
      ),
      postponeRetries(
        ports.store,
        known.map(({ row: { _id: key }, dueAt }) => ({ key, dueAt })),
      ),
    ]);
    ports.metrics.postponed.inc({ channel: channel.name, reason }, group.length);
    if (ports.logger.isLevelEnabled('debug')) {
      const keys = waiting.map(({ row }) => row._id);
      ports.logger.debug({ channel: channel.name, reason, keys }, 'Messages are put off');
    }
    if (reason === 'channel_paused') continue;
    await scheduleRetries(
      ports,
      waiting.map(({ delivery: { effect, existing }, dueAt }) => ({
        key: effect.key,
        attempt: existing?.attempt ?? 0,
        dueAt,
      })),
    );
  }
}

/** How long each of the messages of one campaign waits. */
async function pausesOf(
  { config }: Ports,
  tokens: ChannelTokens,
  group: readonly Untried[],
  reason: PostponeReason,
): Promise<readonly number[]> {
  switch (reason) {
    case 'rate_limited': {
      const campaignId = group[0]?.delivery.campaign._id ?? '';
      return (await tokens.comeBack(campaignId, group.length)) ?? group.map(soon);
    }
    case 'rate_limit_unknown':
      return group.map(soon);
    case 'channel_paused': // due as soon as it is resumed
      return group.map(() => 0);
    case 'channel_unavailable':
      return group.map(() => backoffMs(1, config.retryDelayMs, Math.random()));
    default:
      return assertNever(reason);
  }
}

/** Redis is away; without it nothing is taken up again anyway. */
const SOON_MS = 10_000;

function soon(): number {
  return SOON_MS * (1 + Math.random());
}

function byCampaign(messages: readonly Untried[]): Untried[][] {
  const groups = new Map<string, Untried[]>();
  for (const message of messages) {
    const id = message.delivery.campaign._id;
    const group = groups.get(id);
    if (group) group.push(message);
    else groups.set(id, [message]);
  }
  return [...groups.values()];
}
