import type { ChannelDocument, RowStatus } from '@campaign-manager/core/models';
import type { ChannelName } from '@campaign-manager/core/schemas';
import { loadChannel, pauseIfActive } from '@campaign-manager/core/store';
import type { Ports } from '@campaign-manager/ports';
import { addOutcome, type OutcomeWindow, outcomesSince, tooManyBad } from './outcome-window.js';

/** Whether a channel is paused for all workers, as seen by one process; it pauses the channel where too much fails. */
export interface ChannelSwitch {
  /** As of a second ago at most. */
  paused(): Promise<boolean>;
  /** Counts what became of a message; resolves when the channel has been paused, if that is due. */
  note(status: RowStatus): Promise<void>;
}

const LOOK_EVERY_MS = 1000;
const BAD: ReadonlySet<RowStatus> = new Set(['failed', 'unknown']);

type SwitchPorts = Pick<Ports, 'store' | 'clock' | 'config' | 'logger' | 'metrics'>;

export function createChannelSwitch(ports: SwitchPorts, name: ChannelName): ChannelSwitch {
  const { store, clock, config, logger, metrics } = ports;
  const limits = { rate: config.channelPauseErrorRate, atLeast: config.channelPauseMinOutcomes };
  let seen: ChannelDocument | null = null;
  let lookAgainAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  let window: OutcomeWindow = [];
  let pausing: Promise<void> | null = null;

  function become(document: ChannelDocument | null): void {
    const before = seen?.status ?? 'active';
    seen = document;
    lookAgainAt = performance.now() + LOOK_EVERY_MS;
    const status = document?.status ?? 'active';
    if (status === before) return;
    if (status === 'paused') logger.warn({ channel: name, reason: document?.reason }, 'A channel is paused');
    else logger.info({ channel: name }, 'A channel is resumed');
  }

  async function look(): Promise<void> {
    try {
      become(await loadChannel(store, name));
    } catch (error) {
      // What is not known to have changed is as it was; a claim needs MongoDB as well.
      logger.warn({ err: error, channel: name }, 'Whether a channel is paused could not be read');
    }
  }

  /** An operator who resumed the channel had seen what went wrong before. */
  async function pauseIfStillDue(): Promise<void> {
    const document = await loadChannel(store, name);
    if (document) window = outcomesSince(window, document.since);
    const share = tooManyBad(window, clock.now(), limits);
    if (share === null || document?.status === 'paused') return become(document);
    const reason = `${Math.round(share * 100)} % of the messages of the last minute failed or are unknown`;
    const paused = await pauseIfActive(store, name, { by: 'worker', reason, now: clock.now() });
    if (!paused) return become(await loadChannel(store, name));
    metrics.channelPauses.inc({ channel: name });
    become(paused);
  }

  return {
    paused: async () => {
      if (performance.now() >= lookAgainAt) {
        looking ??= look().finally(() => {
          looking = null;
        });
        await looking;
      }
      return seen?.status === 'paused';
    },
    note: async (status) => {
      if (status !== 'sent' && !BAD.has(status)) return;
      const now = clock.now();
      window = addOutcome(window, now, BAD.has(status));
      if (!BAD.has(status) || seen?.status === 'paused' || tooManyBad(window, now, limits) === null) return;
      pausing ??= pauseIfStillDue()
        .catch((error) => logger.error({ err: error, channel: name }, 'A channel that fails could not be paused'))
        .finally(() => {
          pausing = null;
        });
      await pausing;
    },
  };
}
