/** One direction of a connection: what goes in comes out later, or not before it is let go; always in order. */
export interface Pipe {
  push(piece: Buffer, delayMs: number): void;
  /** Keeps everything from now on. */
  hold(): void;
  /** Lets go what was kept, and keeps nothing more. */
  release(): void;
  /** Nothing more will come: calls back when everything is out. */
  end(onEmpty: () => void): void;
  /** Forgets what it has. */
  stop(): void;
}

interface Piece {
  readonly bytes: Buffer;
  readonly dueAt: number;
}

export function createPipe(write: (piece: Buffer) => void, now: () => number = () => performance.now()): Pipe {
  let pieces: Piece[] = [];
  let timer: NodeJS.Timeout | undefined;
  let held = false;
  let onEmpty: (() => void) | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    while (!held && pieces[0] !== undefined) {
      const waitMs = pieces[0].dueAt - now();
      if (waitMs > 0) {
        timer = setTimeout(flush, Math.ceil(waitMs));
        return;
      }
      const [{ bytes }] = pieces.splice(0, 1) as [Piece];
      write(bytes);
    }
    if (pieces.length === 0) onEmpty?.();
  };

  return {
    push: (bytes, delayMs) => {
      pieces.push({ bytes, dueAt: now() + delayMs });
      if (timer === undefined) flush();
    },
    hold: () => {
      held = true;
    },
    release: () => {
      held = false;
      flush();
    },
    end: (callback) => {
      onEmpty = callback;
      if (pieces.length === 0) callback();
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
      pieces = [];
      onEmpty = undefined;
    },
  };
}
