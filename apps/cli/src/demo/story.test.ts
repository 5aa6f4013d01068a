import type { ConversationEvent } from '@campaign-manager/core/engine';
import { storyOf } from './story.js';

const at = { at: 0, stage: 'awareness', visit: 1 };

const cases: readonly (readonly [string, ConversationEvent, readonly string[]])[] = [
  ['an entry', { ...at, type: 'entered' }, ['entered awareness']],
  ['a message', { ...at, type: 'sent', detail: { key: 'k', index: 0, ordinal: 2 } }, ['sent awareness/0/2']],
  ['a reply', { ...at, type: 'response', detail: { id: 'r', intent: 'interested' } }, ['response interested']],
  ['a reply without intent', { ...at, type: 'response', detail: { id: 'r' } }, ['response']],
  ['an advance', { ...at, type: 'advanced', detail: { to_stage: 'decision' } }, ['advanced to decision']],
  [
    'an end',
    { ...at, type: 'completed', reason: 'max_duration', detail: { result: 'failed' } },
    ['completed failed (max_duration)'],
  ],
  ['a blockage', { ...at, type: 'blocked', reason: 'missing_variable: x' }, ['blocked (missing_variable: x)']],
  ["no operator's resend", { ...at, type: 'sent', reason: 'operator', detail: { key: 'k/r1' } }, []],
  ['no news of a delivery', { ...at, type: 'delivery', detail: { key: 'k', outcome: 'unknown' } }, []],
  ['no command', { ...at, type: 'command', detail: { name: 'resend' } }, []],
];

describe('a story', () => {
  it.each(cases)('tells of %s', (_, event, lines) => {
    expect(storyOf([event])).toEqual(lines);
  });

  it('does not depend on times', () => {
    expect(storyOf([{ ...at, type: 'entered', at: 5 }])).toEqual(storyOf([{ ...at, type: 'entered', at: 6 }]));
  });
});
