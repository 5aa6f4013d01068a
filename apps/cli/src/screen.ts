import { styleText } from 'node:util';

export type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

/** Lines that stay, and below them a block that is drawn again and again. */
export interface Screen {
  /** Whether somebody watches: a terminal that can be redrawn. */
  readonly lively: boolean;
  readonly paint: Paint;
  line(text?: string): void;
  /** Replaces the block at the bottom; nothing elsewhere than on a terminal. */
  redraw(lines: readonly string[]): void;
  /** Leaves the block as it is; what follows comes below it. */
  release(): void;
}

const CLEAR_BELOW = '\u001b[J';

export function createScreen(out: NodeJS.WritableStream & { readonly isTTY?: boolean }): Screen {
  const lively = out.isTTY === true;
  let block: readonly string[] = [];
  const erase = () => (block.length === 0 ? '' : `\u001b[${block.length}A${CLEAR_BELOW}`);
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  return {
    lively,
    paint: (colour, painted) => (lively ? styleText(colour, painted) : painted),
    line: (line = '') => {
      out.write(erase() + text([line, ...block]));
    },
    redraw: (lines) => {
      if (!lively) return;
      const previous = erase();
      block = lines;
      out.write(previous + text(lines));
    },
    release: () => {
      block = [];
    },
  };
}
