import type { Socket } from 'node:net';
import { createPipe } from './tcp-pipe.js';

/** A client's connection and the one to the target that stands for it. */
export interface Pair {
  readonly target: Socket;
  hold(): void;
  release(): void;
  /** The client's connection breaks, the target's stays. */
  abandon(): void;
  destroy(): void;
}

export interface PairOptions {
  readonly delayMs: () => number;
  /** Gets what the client sent, when its time has come. */
  readonly request: (piece: Buffer) => void;
  /** Both connections are closed. */
  readonly closed: () => void;
}

/** Where one side closes, the other gets what is still under way, and is closed then. */
export function createPair(client: Socket, target: Socket, { delayMs, request, closed }: PairOptions): Pair {
  const there = createPipe(request);
  const back = createPipe((piece) => void client.write(piece));
  let abandoned = false;
  client.on('data', (piece) => there.push(piece, delayMs()));
  target.on('data', (piece) => back.push(piece, delayMs()));
  target.on('error', () => target.destroy());
  client.on('close', () => {
    if (!abandoned) there.end(() => target.end());
    if (target.destroyed) closed();
  });
  target.on('close', () => {
    back.end(() => client.end());
    if (client.destroyed) closed();
  });

  return {
    target,
    hold: () => {
      there.hold();
      back.hold();
    },
    release: () => {
      there.release();
      back.release();
    },
    abandon: () => {
      abandoned = true;
      client.destroy();
    },
    destroy: () => {
      there.stop();
      back.stop();
      client.destroy();
      target.destroy();
    },
  };
}
