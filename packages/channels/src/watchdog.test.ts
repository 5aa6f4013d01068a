import { createWatchdog } from './watchdog.js';

describe('a watchdog', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('tells once that work is late', () => {
    const late = jest.fn();
    createWatchdog(100).start(late);
    jest.advanceTimersByTime(99);
    expect(late).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1000);
    expect(late).toHaveBeenCalledTimes(1);
  });

  it('gives every piece of work its whole time', () => {
    const watchdog = createWatchdog(100);
    const [first, second, third] = [jest.fn(), jest.fn(), jest.fn()];
    watchdog.start(first);
    jest.advanceTimersByTime(60);
    watchdog.stop();
    watchdog.start(second);
    jest.advanceTimersByTime(60);
    expect([first.mock.calls, second.mock.calls]).toEqual([[], []]);
    jest.advanceTimersByTime(40);
    expect(second).toHaveBeenCalledTimes(1);
    watchdog.start(third);
    jest.advanceTimersByTime(100);
    expect([first.mock.calls.length, third.mock.calls.length]).toEqual([0, 1]);
  });

  it.each(['stop', 'dispose'] as const)('is silent after %s, and works again after a silent end of its time', (end) => {
    const watchdog = createWatchdog(100);
    const [first, second] = [jest.fn(), jest.fn()];
    watchdog.start(first);
    watchdog[end]();
    jest.advanceTimersByTime(1000);
    expect(first).not.toHaveBeenCalled();
    watchdog.start(second);
    jest.advanceTimersByTime(100);
    expect(second).toHaveBeenCalledTimes(1);
  });
});
