import { replyIdOf } from './reply-id.js';

it.each([
  ['c/02000', '7lqj543ubgvltofw'],
  ['', '4oymiquy7qobjgx3'],
])('the short id of %j is %s for ever: addresses in mailboxes hold it', (id, expected) => {
  expect(replyIdOf(id)).toBe(expected);
});
