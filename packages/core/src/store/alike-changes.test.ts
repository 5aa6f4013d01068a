import { type ConversationWrite, toWrites } from './alike-changes.js';
import type { ConversationChange } from './conversation-change.js';

function change(id: string, more: Partial<ConversationChange> = {}): ConversationChange {
  return {
    id,
    seenVersion: 1,
    set: { next_action_at: 9, outbox: [{ kind: 'message', key: `${id}/hello/1/0/0` }] },
    unset: [],
    events: [{ at: 5, type: 'sent', stage: 'hello', visit: 1, v: 2, n: 0 }],
    keep: null,
    ...more,
  };
}

const ids = (writes: readonly ConversationWrite[]) =>
  writes.map((write) => ('updateMany' in write ? write.updateMany : write.updateOne).filter._id);

describe('changes become writes', () => {
  it('that differ in nothing but the id of the conversation: one', () => {
    expect(ids(toWrites([change('c/a'), change('c/bb'), change('c/a-b')], 'f'))).toEqual([
      { $in: ['c/a', 'c/bb', 'c/a-b'] },
    ]);
  });

  it.each<[string, Partial<ConversationChange>]>([
    ['version', { seenVersion: 2 }],
    ['value', { set: { next_action_at: 10, outbox: [{ kind: 'message', key: 'c/b/hello/1/0/0' }] } }],
    ['key of a message', { set: { next_action_at: 9, outbox: [{ kind: 'message', key: 'c/b/hello/2/0/0' }] } }],
    ['removed field', { unset: ['result'] }],
    ['history', { events: [] }],
  ])('that differ in a %s: two', (_, more) => {
    expect(ids(toWrites([change('c/a'), change('c/b', more)], 'f'))).toEqual(['c/a', 'c/b']);
  });

  it('that carry what people sent, each by itself', () => {
    const set = { response_fields: { rating: 5 } };
    expect(ids(toWrites([change('c/a', { set }), change('c/b', { set })], 'f'))).toEqual(['c/a', 'c/b']);
  });

  it.each(['$list', 'a.b', 'c/a'])('that have a field named %s, each by itself', (name) => {
    const changes = ['c/a', 'c/b'].map((id) => change(id, { set: { held: { [name]: id } } }));
    expect(ids(toWrites(changes, 'f'))).toEqual(['c/a', 'c/b']);
  });

  it('that shorten a history, each by itself, with the part that stays', () => {
    const writes = toWrites([change('c/a', { keep: 50 }), change('c/b', { keep: 50 })], 'f');
    expect(writes).toHaveLength(2);
    expect(writes[0]).toMatchObject({ updateOne: { update: { $push: { recent_events: { $slice: -51 } } } } });
  });
});
