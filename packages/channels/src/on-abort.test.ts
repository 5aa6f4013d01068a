import { onAbort } from './on-abort.js';

describe('whoever waits for a signal', () => {
  it('is told once, all at the same time, and not whoever left before', () => {
    const { signal, ...controller } = control();
    const [first, left, last] = [jest.fn(), jest.fn(), jest.fn()];
    onAbort(signal, first);
    const leave = onAbort(signal, left);
    const leaveLater = onAbort(signal, last);
    leave();
    leave();
    controller.abort();
    leaveLater();
    expect([first, left, last].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
  });

  it('leaves nothing behind at the signal, and may come again', () => {
    const { signal, ...controller } = control();
    const listening = jest.spyOn(signal, 'addEventListener');
    const left = jest.spyOn(signal, 'removeEventListener');
    for (const _ of [1, 2]) {
      const leave = [onAbort(signal, jest.fn()), onAbort(signal, jest.fn())];
      for (const one of leave) one();
    }
    expect([listening.mock.calls.length, left.mock.calls.length]).toEqual([2, 2]);
    const again = jest.fn();
    onAbort(signal, again);
    controller.abort();
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('is told whoever of the others has left', () => {
    for (const leaving of [[0], [2], [0, 1], [1, 0, 2], [3, 0]]) {
      const { signal, ...controller } = control();
      const listeners = [jest.fn(), jest.fn(), jest.fn(), jest.fn()];
      const leave = listeners.map((listener) => onAbort(signal, listener));
      for (const i of leaving) leave[i]?.();
      controller.abort();
      expect(listeners.map(({ mock }) => mock.calls.length)).toEqual(
        listeners.map((_, i) => (leaving.includes(i) ? 0 : 1)),
      );
    }
  });

  it('may leave while it is told, with another', () => {
    const { signal, ...controller } = control();
    const other = jest.fn();
    let leaveOther = () => {};
    onAbort(signal, () => leaveOther());
    leaveOther = onAbort(signal, other);
    controller.abort();
    expect(other).not.toHaveBeenCalled();
  });
});

function control() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
