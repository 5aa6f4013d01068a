import { readKey, replyId } from './message-key.js';

describe('readKey', () => {
  it.each([
    ['a message', 'camp/rec/decision/1/0/0', { stage: 'decision', ordinal: 0, resend: 0 }],
    ['a follow-up', 'camp/rec/decision/2/0/1', { visit: 2, ordinal: 1, baseKey: 'camp/rec/decision/2/0/1' }],
    ['a resend', 'camp/rec/decision/1/0/1/r1', { resend: 1, baseKey: 'camp/rec/decision/1/0/1' }],
  ])('takes the key of %s apart', (_, key, parts) => {
    expect(readKey(key)).toMatchObject({
      campaignId: 'camp',
      recipientId: 'rec',
      conversationId: 'camp/rec',
      ...parts,
    });
  });

  it.each([[''], ['camp'], ['camp/rec/decision'], ['camp/rec/decision/x/0/0']])('refuses %p', (key) => {
    expect(readKey(key)).toBeNull();
  });
});

describe('replyId', () => {
  it('derives from the key of the message', () => {
    expect(replyId('camp/rec/decision/1/0/0')).toBe('reply:camp:rec:decision:1:0:0');
  });
});
