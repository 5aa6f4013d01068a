import {
  type Channel,
  ChannelUnavailableError,
  type OutboundMessage,
  type Outcome,
  type Slot,
} from '@campaign-manager/channels';

/** A channel for injecting faults: it does what the test says, and remembers what reached the wire. */
export interface ScriptedChannel extends Channel {
  /** Every message that reached the wire, in order. */
  readonly wire: OutboundMessage[];
  /** What becomes of a message on the wire; the default accepts. */
  answer: (message: OutboundMessage) => Outcome | Promise<Outcome>;
  /** Whether the provider can be reached. */
  available: boolean;
  /** From now on `reserve` waits, until the answered function is called. */
  hold(): () => void;
  /** How many calls of `reserve` wait at the moment. */
  waiting(): number;
  /** Slots handed out and neither used nor given back. */
  open(): number;
  /** The most messages that were on the wire at once. */
  mostAtOnce(): number;
}

export function createScriptedChannel(timeoutMs = 2000): ScriptedChannel {
  let gate: Promise<void> | null = null;
  let waiting = 0;
  let open = 0;
  let sending = 0;
  let most = 0;
  const channel: ScriptedChannel = {
    name: 'email',
    timeoutMs,
    atOnce: Number.POSITIVE_INFINITY,
    defaultPolicy: 'at_most_once',
    wire: [],
    answer: () => ({ status: 'accepted', providerId: 'scripted' }),
    available: true,
    hold() {
      let letThrough = () => {};
      gate = new Promise((resolve) => {
        letThrough = resolve;
      });
      return () => {
        gate = null;
        letThrough();
      };
    },
    waiting: () => waiting,
    open: () => open,
    mostAtOnce: () => most,
    addressOf: ({ email }) => (typeof email === 'string' ? { to: email } : { missing: 'no email' }),
    async reserve() {
      waiting += 1;
      await gate;
      waiting -= 1;
      if (!channel.available) throw new ChannelUnavailableError('email', 'the script says so');
      open += 1;
      return slot();
    },
    close: async () => {},
  };

  function slot(): Slot {
    let used = false;
    const use = () => {
      if (used) throw new Error('A slot is used once.');
      used = true;
      open -= 1;
    };
    return {
      release: use,
      send: async (message, _signal, lastLook) => {
        use();
        const stop = (await lastLook?.()) ?? null;
        if (stop !== null) return { status: 'held_back', reason: stop };
        sending += 1;
        most = Math.max(most, sending);
        channel.wire.push(message);
        try {
          return await channel.answer(message);
        } finally {
          sending -= 1;
        }
      },
    };
  }

  return channel;
}
