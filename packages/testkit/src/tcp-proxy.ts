import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createPair, type Pair } from './tcp-pair.js';

/**
 * Stands between a client and a service, and makes the network between them bad for this client alone. Connections that
 * are open feel a change at once.
 */
export interface TcpProxy {
  /** The target's URI with the proxy in place of its host. */
  readonly uri: string;
  readonly port: number;
  /** Every piece takes this much longer from now on, each way. Milliseconds; 0: at once. */
  slow(ms: number): void;
  /** Nothing gets through either way and nobody is told, as in a network that lost its route; `pass` delivers it late. */
  hold(): void;
  /**
   * As `hold`, for the connections that there are; new ones work: the machine behind them is gone without a word, and
   * another one has taken its place.
   */
  strand(): void;
  /** Breaks every connection, and each new one at once. */
  refuse(): void;
  /** Everything gets through (again). */
  pass(): void;
  /** Breaks the connections there are; new ones work. */
  cut(): void;
  /**
   * Loses one exchange: the next piece from a client that contains `marker`.
   * - `answer`: the target gets it, but the connection breaks before the client has an answer;
   * - `request`: the connection breaks, but the piece is still under way until `deliver` is called.
   */
  lose(what: 'answer' | 'request', marker: string | Buffer): Mishap;
  /** Breaks every connection and frees the port. */
  close(): Promise<void>;
}

export interface Mishap {
  happened(): boolean;
  /** A lost request arrives late; resolves when the target has answered it. */
  deliver(): Promise<void>;
}

/** Thrown when a request is to be delivered late that nobody has lost. */
export class NothingLostError extends Error {
  override readonly name = 'NothingLostError';
}

interface Trap {
  readonly marker: string | Buffer;
  spring(pair: Pair, piece: Buffer): void;
}

/** What a command to MongoDB looks like on the wire: its name is the document's first element, a string (2). */
export function mongoCommand(name: string): Buffer {
  return Buffer.from(`\u0002${name}\u0000`);
}

/** Starts a proxy on a free port of 127.0.0.1, or on the port given. `target` names one host and its port. */
export async function startTcpProxy(target: string, port = 0): Promise<TcpProxy> {
  const there = new URL(target);
  const pairs = new Set<Pair>();
  let mode: 'pass' | 'hold' | 'refuse' = 'pass';
  let delayMs = 0;
  let trap: Trap | undefined;

  const each = (what: (pair: Pair) => void) => {
    for (const pair of [...pairs]) what(pair);
  };
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    if (mode === 'refuse') return void client.destroy();
    const pair = createPair(client, connect(Number(there.port), there.hostname), {
      delayMs: () => delayMs,
      request: (piece) => {
        if (!trap || !piece.includes(trap.marker)) return void pair.target.write(piece);
        const { spring } = trap;
        trap = undefined;
        spring(pair, piece);
      },
      closed: () => pairs.delete(pair),
    });
    pairs.add(pair);
    if (mode === 'hold') pair.hold();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port.');
  const here = new URL(target);
  here.host = `127.0.0.1:${address.port}`;

  return {
    uri: here.href,
    port: address.port,
    slow: (ms) => {
      delayMs = ms;
    },
    hold: () => {
      mode = 'hold';
      each((pair) => pair.hold());
    },
    strand: () => each((pair) => pair.hold()),
    refuse: () => {
      mode = 'refuse';
      each((pair) => pair.destroy());
    },
    pass: () => {
      mode = 'pass';
      each((pair) => pair.release());
    },
    cut: () => each((pair) => pair.destroy()),
    lose: (what, marker) => {
      let lost: { readonly pair: Pair; readonly piece: Buffer } | undefined;
      const spring = (pair: Pair, piece: Buffer) => {
        lost = { pair, piece };
        if (what === 'answer') {
          pair.target.removeAllListeners('data').once('data', () => pair.destroy());
          pair.target.write(piece);
        } else pair.abandon();
      };
      trap = { marker, spring };
      return {
        happened: () => lost !== undefined,
        deliver: async () => {
          if (!lost || what === 'answer') throw new NothingLostError('No request is under way.');
          const { pair, piece } = lost;
          const answered = once(pair.target, 'data');
          pair.target.write(piece);
          await answered;
          pair.destroy();
        },
      };
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      each((pair) => pair.destroy());
      await closed;
    },
  };
}
