import { type Channel, ChannelUnavailableError, type LastLook, type OutboundMessage } from '../src/channel.js';

/** What a provider can be made to do. `silence`: it takes the body and never answers. `bounded`: it counts connections. */
export type Scenario = 'accepted' | 'deferred' | 'rejected' | 'unknown' | 'silence' | 'bounded';

/** A channel with a provider of its own. */
export interface Subject {
  readonly channel: Channel;
  /** Keys of the messages that the provider took responsibility for. */
  accepted(): readonly string[];
  /** Bodies that the provider has seen to their end, whatever it answered. */
  bodies(): number;
  /** Resolves when the provider has seen the body of a message. */
  bodySeen(): Promise<void>;
  readonly connections: { readonly peak: number };
  openConnections(): number;
  /** Resolves when the connections that are open now are closed. */
  allGone(): Promise<unknown>;
  stop(): Promise<void>;
}

export interface Harness<S extends Subject> {
  readonly name: string;
  /** An address the channel writes to. */
  readonly to: string;
  start(options: { readonly connections: number; readonly timeoutMs: number }): Promise<S>;
  /** How to make the provider behave so, or why it cannot. */
  readonly provoke: { readonly [scenario in Scenario]: ((subject: S) => unknown) | { readonly cannot: string } };
}

const never = new AbortController().signal;

/** Resolves with 'waiting' if `promise` has not been settled after a turn of the event loop in which it could have. */
async function stateOf(promise: Promise<unknown>): Promise<'waiting' | 'settled'> {
  const turn = new Promise<'waiting'>((resolve) => setImmediate(() => setImmediate(() => resolve('waiting'))));
  const settled = promise.then(
    () => 'settled' as const,
    () => 'settled' as const,
  );
  return Promise.race([settled, turn]);
}

/** Runs the contract of `Channel` (design, section 6) against one adapter. */
export function describeChannelContract<S extends Subject>(harness: Harness<S>): void {
  describe(`the ${harness.name} channel keeps the contract`, () => {
    const subjects: S[] = [];
    afterEach(async () => {
      for (const subject of subjects.splice(0)) {
        await subject.channel.close();
        await subject.stop();
      }
    });

    const message = (key: string): OutboundMessage => ({
      key,
      to: harness.to,
      subject: 'Your trial',
      body: 'Hello Ada,\n\nshall we talk on Monday?\n',
      attempt: 1,
    });

    async function start(scenario: Scenario, connections = 2, timeoutMs = 10_000): Promise<S> {
      const subject = await harness.start({ connections, timeoutMs });
      subjects.push(subject);
      const provoke = harness.provoke[scenario];
      if (typeof provoke === 'function') provoke(subject);
      return subject;
    }

    /** A test that needs a scenario; where the provider cannot be brought to it, it is reported by name as skipped. */
    function given(scenario: Scenario, name: string, body: () => Promise<void>): void {
      const provoke = harness.provoke[scenario];
      if (typeof provoke === 'function') it(name, body);
      else it.skip(`${name} (cannot be provoked: ${provoke.cannot})`, body);
    }

    for (const status of ['accepted', 'deferred', 'rejected', 'unknown'] as const) {
      given(status, `tells that a message was ${status}`, async () => {
        const { channel, accepted } = await start(status);
        const slot = await channel.reserve(never);
        expect(await slot.send(message('c/r/awareness/1/0/0'), never)).toMatchObject({ status });
        expect(accepted()).toEqual(status === 'accepted' ? ['c/r/awareness/1/0/0'] : []);
      });

      given(status, `frees the slot after a message was ${status}`, async () => {
        const { channel } = await start(status, 1);
        for (const key of ['first', 'second', 'third']) {
          const slot = await channel.reserve(never);
          expect(await slot.send(message(key), never)).toMatchObject({ status });
        }
      });
    }

    given('accepted', 'sends nothing once the signal has aborted', async () => {
      const { channel, accepted } = await start('accepted');
      const slot = await channel.reserve(never);
      expect(await slot.send(message('late'), AbortSignal.abort())).toMatchObject({ status: 'deferred' });
      expect(accepted()).toEqual([]);
    });

    describe('takes a last look before the body leaves', () => {
      it.each<[string, LastLook, string]>([
        ['says stop', () => 'too old', 'too old'],
        ['says stop after a while', async () => 'too old', 'too old'],
        [
          'fails',
          () => {
            throw new Error('no clock');
          },
          'the last look failed: no clock',
        ],
        ['fails after a while', () => Promise.reject(new Error('no gate')), 'the last look failed: no gate'],
      ])('and sends nothing where it %s; the slot is free again', async (_, lastLook, reason) => {
        const { channel, accepted, bodies } = await start('accepted', 1);
        const slot = await channel.reserve(never);
        expect(await slot.send(message('stopped'), never, lastLook)).toEqual({ status: 'held_back', reason });
        const next = await channel.reserve(never);
        expect(await next.send(message('next'), never)).toMatchObject({ status: 'accepted' });
        expect([accepted(), bodies()]).toEqual([['next'], 1]);
      });

      it.each<[string, LastLook]>([
        ['says go', () => null],
        ['says go after a while', async () => null],
      ])('and sends where it %s, having asked once', async (_, lastLook) => {
        const { channel, accepted } = await start('accepted');
        const look = jest.fn(lastLook);
        const slot = await channel.reserve(never);
        expect(await slot.send(message('k'), never, look)).toMatchObject({ status: 'accepted' });
        expect([look.mock.calls.length, accepted()]).toEqual([1, ['k']]);
      });

      it('and nothing leaves when the signal aborts before it answers', async () => {
        const { channel, accepted, bodies } = await start('accepted', 1);
        const slot = await channel.reserve(never);
        const abort = new AbortController();
        let answer: (stop: string | null) => void = () => {};
        const outcome = slot.send(message('late'), abort.signal, () => {
          setImmediate(() => abort.abort());
          return new Promise((resolve) => {
            answer = resolve;
            abort.signal.addEventListener('abort', () => setImmediate(() => answer(null)));
          });
        });
        expect(await outcome).toMatchObject({ status: 'deferred' });
        const next = await channel.reserve(never);
        await next.send(message('next'), never);
        expect([accepted(), bodies()]).toEqual([['next'], 1]);
      });
    });

    given('silence', 'ends at once as unknown when the signal aborts after the body', async () => {
      const { channel, bodySeen, allGone } = await start('silence');
      const slot = await channel.reserve(never);
      const abort = new AbortController();
      const began = performance.now();
      const outcome = slot.send(message('k'), abort.signal);
      await bodySeen();
      abort.abort();
      expect(await outcome).toEqual({ status: 'unknown', reason: expect.stringContaining('aborted') });
      await allGone();
      expect(performance.now() - began).toBeLessThan(channel.timeoutMs / 2);
    });

    given('silence', 'decides within its time-out', async () => {
      const { channel } = await start('silence', 2, 200);
      const slot = await channel.reserve(never);
      const began = performance.now();
      expect(await slot.send(message('k'), never)).toEqual({
        status: 'unknown',
        reason: expect.stringContaining('no answer within 200 ms'),
      });
      expect(performance.now() - began).toBeLessThan(2000);
    });

    given('bounded', 'serves those who wait for a slot in their order', async () => {
      const { channel } = await start('bounded', 1);
      const first = await channel.reserve(never);
      const order: string[] = [];
      const waiting = ['second', 'third', 'fourth'].map(async (name) => {
        const slot = await channel.reserve(never);
        order.push(name);
        if (name === 'third') await slot.send(message(name), never);
        else slot.release();
      });
      expect(await stateOf(Promise.race(waiting))).toBe('waiting');
      first.release();
      await Promise.all(waiting);
      expect(order).toEqual(['second', 'third', 'fourth']);
    });

    given('bounded', 'lets one who waits go when its signal aborts, and serves the next', async () => {
      const { channel } = await start('bounded', 1);
      const first = await channel.reserve(never);
      const abort = new AbortController();
      const impatient = channel.reserve(abort.signal);
      const patient = channel.reserve(never);
      abort.abort();
      await expect(impatient).rejects.toBeInstanceOf(ChannelUnavailableError);
      first.release();
      await (await patient).send(message('patient'), never);
    });

    given('bounded', 'does not count a slot twice that is released twice', async () => {
      const { channel } = await start('bounded', 1);
      const first = await channel.reserve(never);
      first.release();
      first.release();
      await channel.reserve(never);
      expect(await stateOf(channel.reserve(never).catch(() => undefined))).toBe('waiting');
    });

    given('silence', 'keeps a slot that is released while it sends', async () => {
      const { channel, bodySeen } = await start('silence', 1);
      const slot = await channel.reserve(never);
      const abort = new AbortController();
      const outcome = slot.send(message('k'), abort.signal);
      await bodySeen();
      slot.release();
      expect(await stateOf(channel.reserve(never).catch(() => undefined))).toBe('waiting');
      abort.abort();
      expect(await outcome).toMatchObject({ status: 'unknown' });
    });

    given('bounded', 'sends many messages at once, each once, over no more connections than allowed', async () => {
      const { channel, accepted, connections } = await start('bounded', 4);
      const keys = Array.from({ length: 60 }, (_, i) => `c/r${i}/s/1/0/0`);
      const outcomes = await Promise.all(
        keys.map(async (key) => (await channel.reserve(never)).send(message(key), never)),
      );
      expect(outcomes.filter(({ status }) => status !== 'accepted')).toEqual([]);
      expect([...accepted()].sort()).toEqual([...keys].sort());
      expect(connections.peak).toBeLessThanOrEqual(4);
      expect(connections.peak).toBeGreaterThan(1);
    });

    given('accepted', 'uses a slot once only', async () => {
      const { channel, accepted } = await start('accepted');
      const slot = await channel.reserve(never);
      await slot.send(message('once'), never);
      expect(await slot.send(message('twice'), never)).toMatchObject({ status: 'deferred' });
      const released = await channel.reserve(never);
      released.release();
      expect(await released.send(message('after release'), never)).toMatchObject({ status: 'deferred' });
      expect(accepted()).toEqual(['once']);
    });

    given('accepted', 'refuses to reserve with an aborted signal and after it was closed', async () => {
      const { channel } = await start('accepted');
      await expect(channel.reserve(AbortSignal.abort())).rejects.toBeInstanceOf(ChannelUnavailableError);
      await channel.close();
      await expect(channel.reserve(never)).rejects.toBeInstanceOf(ChannelUnavailableError);
    });

    given('accepted', 'does not send through a slot that was held while it closed', async () => {
      const { channel, accepted } = await start('accepted');
      const slot = await channel.reserve(never);
      await channel.close();
      expect(await slot.send(message('k'), never)).toMatchObject({ status: 'deferred' });
      expect(accepted()).toEqual([]);
    });

    given('silence', 'ends everything when it closes: sendings, those who wait, connections', async () => {
      const { channel, bodySeen, allGone } = await start('silence', 1);
      const slot = await channel.reserve(never);
      const outcome = slot.send(message('k'), never);
      const waiting = channel.reserve(never);
      const refused = expect(waiting).rejects.toBeInstanceOf(ChannelUnavailableError);
      await bodySeen();
      const gone = allGone();
      await channel.close();
      expect(await outcome).toMatchObject({ status: 'unknown' });
      await refused;
      await gone;
    });
  });
}
