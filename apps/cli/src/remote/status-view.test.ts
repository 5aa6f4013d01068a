import { isOver, type Progress, statusBlock } from './status-view.js';

const progress: Progress = {
  campaign_id: 'c',
  status: 'running',
  conversations: 10,
  by_status: { active: 6, blocked: 1, completed: 3 },
  by_result: { success: 2, failed: 1 },
  by_stage: { hello: 5, goodbye: 2 },
  messages: { by_status: { sent: 12 }, follow_ups: 4 },
  responses: { applied: 3 },
  escalations_open: 1,
};

describe('statusBlock', () => {
  it('draws a bar for each stage and one for what has ended', () => {
    const dots = (filled: number) => '█'.repeat(filled) + '·'.repeat(40 - filled);
    expect(statusBlock('C', ['hello', 'goodbye', 'never'], progress, (_colour, text) => text)).toEqual([
      'C: running, 10 conversations',
      `  hello    ${dots(20)} 5`,
      `  goodbye  ${dots(8)} 2`,
      `  never    ${dots(0)} 0`,
      `  ended    ${dots(12)} 3  (success 2, failed 1)`,
      '  messages: 12, of which follow-ups 4  (sent 12)',
      '  replies: 3  (applied 3)',
      '  escalations open: 1',
      '  blocked, waiting for an operator: 1',
    ]);
  });

  it('has bars without a conversation', () => {
    const empty = { ...progress, conversations: 0, by_status: {}, by_stage: {}, escalations_open: 0 };
    expect(statusBlock('C', ['hello'], empty, (_colour, text) => text)[1]).toBe(`  hello  ${'·'.repeat(40)} 0`);
  });
});

describe('isOver', () => {
  it.each([
    ['completed', {}, true],
    ['running', {}, false],
    ['cancelled', { active: 1, completed: 4 }, false],
    ['cancelled', { completed: 5 }, true],
  ])('of a campaign that is %s with %j is %s', (status, by_status, over) => {
    expect(isOver({ ...progress, status, by_status })).toBe(over);
  });
});
