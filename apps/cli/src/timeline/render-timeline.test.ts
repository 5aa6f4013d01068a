import type { SimulatedEvent } from '@campaign-manager/core/simulator';
import { renderTimeline } from './render-timeline.js';

describe('renderTimeline', () => {
  it('tells recipient by recipient what happens when', () => {
    const events: SimulatedEvent[] = [
      { at_hours: 0, recipient: 'ada', event: 'entered', stage: 'hello' },
      { at_hours: 0, recipient: 'bob', event: 'entered', stage: 'hello' },
      {
        at_hours: 0.5,
        recipient: 'ada',
        event: 'sent',
        stage: 'hello',
        message_index: 0,
        follow_up: 0,
        text: 'Hi\nAda',
      },
      { at_hours: 2, recipient: 'bob', event: 'completed', stage: 'hello', result: 'opted_out', reason: 'opt_out' },
      { at_hours: 25.5, recipient: 'ada', event: 'sent', stage: 'hello', message_index: 0, follow_up: 1, text: 'Hi?' },
      { at_hours: 26, recipient: 'ada', event: 'response', stage: 'hello' },
      { at_hours: 26, recipient: 'ada', event: 'advanced', stage: 'hello', to_stage: 'goodbye', reason: 'response' },
      { at_hours: 27, recipient: 'ada', event: 'escalated', stage: 'goodbye', action: 'notify_manager' },
      { at_hours: 28, recipient: 'ada', event: 'blocked', stage: 'goodbye', reason: 'missing_variable: x' },
    ];
    expect(renderTimeline(events)).toEqual([
      'ada',
      '  day   0 00:00  hello    enters the stage',
      '  day   0 00:30  hello    gets message 1: Hi Ada',
      '  day   1 01:30  hello    gets follow-up 1 of message 1: Hi?',
      '  day   1 02:00  hello    answers',
      '  day   1 02:00  hello    goes on to goodbye (response)',
      '  day   1 03:00  goodbye  is escalated: notify_manager',
      '  day   1 04:00  goodbye  is blocked (missing_variable: x)',
      '',
      'bob',
      '  day   0 00:00  hello    enters the stage',
      '  day   0 02:00  hello    ends: opted_out (opt_out)',
    ]);
  });

  it('says so where nothing happens', () => {
    expect(renderTimeline([])).toEqual(['Nothing happens.']);
  });
});
