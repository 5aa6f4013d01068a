import { figuresOf } from './figures.js';

describe('the figures', () => {
  it('count what the conversations of a campaign tell', () => {
    const stories = new Map([
      [
        'c/1',
        [
          'entered a',
          'sent a/0/0',
          'sent a/0/1',
          'response yes',
          'advanced to b',
          'entered b',
          'sent b/0/0',
          'response yes',
          'completed success (all_stages_completed)',
        ],
      ],
      ['c/2', ['entered a', 'sent a/0/0', 'completed failed (max_duration)']],
    ]);
    expect(figuresOf(stories)).toEqual({
      sent: 4,
      follow_ups: 1,
      replies: 2,
      advanced: 1,
      completed: { success: 1, failed: 1 },
      reached: { a: 2, b: 1 },
    });
  });
});
