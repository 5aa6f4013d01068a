import { PassThrough } from 'node:stream';
import { createScreen } from './screen.js';

function screenOn(isTTY: boolean) {
  const out = Object.assign(new PassThrough(), { isTTY });
  const screen = createScreen(out);
  return { screen, written: () => String(out.read() ?? '') };
}

describe('the screen', () => {
  it('draws the block again below what stays', () => {
    const { screen, written } = screenOn(true);
    screen.redraw(['one', 'two']);
    expect(written()).toBe('one\ntwo\n');
    screen.line('stays');
    expect(written()).toBe('\u001b[2A\u001b[Jstays\none\ntwo\n');
    screen.redraw(['three']);
    expect(written()).toBe('\u001b[2A\u001b[Jthree\n');
  });

  it('leaves a released block alone', () => {
    const { screen, written } = screenOn(true);
    screen.redraw(['one']);
    screen.release();
    screen.line('after');
    expect(written()).toBe('one\nafter\n');
  });

  it('writes neither blocks nor colours where nobody watches', () => {
    const { screen, written } = screenOn(false);
    screen.redraw(['one']);
    screen.line(screen.paint('red', 'plain'));
    expect(written()).toBe('plain\n');
  });
});
