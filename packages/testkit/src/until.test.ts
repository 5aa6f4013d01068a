import { UntilTimeoutError, until } from './until.js';

describe('until', () => {
  it('gives what the condition gives as soon as that is truthy', async () => {
    const answers = [undefined, 0, '', 'there'];

    expect(await until(() => answers.shift(), { describe: 'it is there' })).toBe('there');
    expect(answers).toEqual([]);
  });

  it('takes a throw for not yet', async () => {
    let asked = 0;
    const condition = async () => {
      asked += 1;
      if (asked < 3) throw new Error('too early');
      return asked;
    };

    expect(await until(condition, { describe: 'it no longer throws' })).toBe(3);
  });

  it.each([
    ['the last answer', () => 0, 'Waited 40 ms in vain until it rains; the last answer was 0.'],
    [
      'the last error',
      () => Promise.reject(new Error('dry')),
      'Waited 40 ms in vain until it rains; the last try threw: Error: dry',
    ],
  ])('fails with what was waited for and %s', async (_, condition, message) => {
    const waiting = until<unknown>(condition, { timeoutMs: 40, describe: 'it rains' });

    await expect(waiting).rejects.toThrow(UntilTimeoutError);
    await expect(waiting).rejects.toThrow(message);
  });
});
