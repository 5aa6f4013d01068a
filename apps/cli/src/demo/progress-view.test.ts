import { progressBlock, progressLine } from './progress-view.js';

const plain = (_colour: string, text: string) => text;
const view = {
  name: 'Spring',
  stages: ['awareness', 'decision'],
  size: 10,
  progress: {
    status: 'running',
    conversations: 10,
    by_status: { active: 7, completed: 3 },
    by_result: { success: 2, failed: 1 },
    by_stage: { awareness: 5, decision: 2 },
    messages: { by_status: { sent: 14, unknown: 1 }, follow_ups: 3 },
    responses: { applied: 4, queued: 1 },
  },
};

describe('the progress', () => {
  it('has a bar for each stage, and one for those that have ended', () => {
    const text = progressBlock(view, plain).join('\n');
    expect(text).toMatch(/awareness +█{5}·{5} +5/);
    expect(text).toMatch(/decision +█{2}·{8} +2/);
    expect(text).toMatch(/ended +█{3}·{7} +3 +success 2, failed 1/);
    expect(text).toContain('14 sent (3 follow-ups), 5 replies, 1 unknown');
  });

  it('fits into one line where nobody watches', () => {
    expect(progressLine(view)).toBe('awareness 5, decision 2, ended 3; 14 sent, 5 replies');
  });
});
