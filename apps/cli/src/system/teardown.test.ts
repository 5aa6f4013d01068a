import { createTeardown } from './teardown.js';

describe('the teardown', () => {
  it('stops in the opposite order, one after the other, once', async () => {
    const stopped: string[] = [];
    const teardown = createTeardown();
    teardown.add(async () => stopped.push('mongodb'));
    teardown.add(async () => {
      await new Promise(setImmediate);
      stopped.push('api');
    });
    await Promise.all([teardown.run(), teardown.run()]);
    expect(stopped).toEqual(['api', 'mongodb']);
  });

  it('goes on after a failure', async () => {
    const stopped: string[] = [];
    const teardown = createTeardown();
    teardown.add(async () => stopped.push('mongodb'));
    teardown.add(() => Promise.reject(new Error('gone already')));
    await teardown.run();
    expect(stopped).toEqual(['mongodb']);
  });
});
