import type { MessageDocument } from '@campaign-manager/core/models';
import type { Store } from '@campaign-manager/core/store';
import { createMetrics } from '@campaign-manager/runtime';
import { type Resolution, resolveMessage } from '../src/conversations/resolve-message.js';
import { addRow, change, runningCampaign } from './support/conversations.js';
import { createTestApi, type TestApi } from './support/test-api.js';

let api: TestApi;
let index = 0;
beforeAll(async () => {
  api = await createTestApi('api_resolve');
  await runningCampaign(api, 'camp');
});
afterEach(async () => {
  await change(api.store, 'camp/user_1', { status: 'active', inbox: [] });
});
afterAll(() => api.stop());

const unknown = () => addRow(api.store, 'camp/user_1', index++, 'unknown');
const RESEND: Resolution = { action: 'resend' };

function resolve(key: string, resolution: Resolution, store: Store = api.store) {
  const { config, producers, clock } = api;
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  return resolveMessage(
    { config, store, producers, clock, metrics: createMetrics(config), logger },
    key,
    resolution,
    'olga',
  );
}

/** The api, killed at its nth update of a collection: the update is not made, and nothing after it. */
function killedAt(model: 'messages' | 'conversations', nth: number): Store {
  let updates = 0;
  const collection = new Proxy(api.store[model].collection, {
    get: (target, name) => {
      if (name === 'updateOne' && ++updates === nth) throw new Error('killed');
      const member = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const dying = new Proxy(api.store[model], {
    get: (target, name, receiver) => (name === 'collection' ? collection : Reflect.get(target, name, receiver)),
  });
  return { ...api.store, [model]: dying };
}

const rowOf = (key: string) => api.store.messages.findById(key).lean<MessageDocument>();
const resendsOf = async (key: string) =>
  ((await api.store.conversations.findById('camp/user_1').lean())?.inbox ?? []).filter(
    (event) => event.type === 'command' && event.command.name === 'resend' && event.command.key === key,
  );

describe('a resend that is cut short by a crash', () => {
  it.each([
    ['before the conversation is told', 'conversations', 1, 0],
    ['after the conversation is told, before the row is given up', 'messages', 2, 1],
  ] as const)('%s leaves the message unknown, and is finished by the same word', async (_when, model, nth, told) => {
    const key = await unknown();
    await expect(resolve(key, RESEND, killedAt(model, nth))).rejects.toThrow('killed');

    expect(await rowOf(key)).toMatchObject({ status: 'unknown', resend: { by: 'olga' } });
    expect(await resendsOf(key)).toHaveLength(told);
    const inbox = await api.get('/v1/messages?status=unknown&limit=1000');
    expect((inbox.body['items'] as { _id: string }[]).map(({ _id }) => _id)).toContain(key);

    expect(await resolve(key, RESEND)).toEqual({ _id: key, status: 'abandoned', resent_as: `${key}/r1` });
    expect(await resendsOf(key)).toHaveLength(1);
    expect(await rowOf(key)).toMatchObject({ status: 'abandoned' });
  });

  it('before anything was written leaves the message as it was', async () => {
    const key = await unknown();
    await expect(resolve(key, RESEND, killedAt('messages', 1))).rejects.toThrow('killed');

    expect(await rowOf(key)).not.toHaveProperty('resend');
    expect(await resolve(key, { action: 'confirm' })).toEqual({ _id: key, status: 'sent' });
  });

  it('after everything was done is answered as the first time', async () => {
    const key = await unknown();
    const first = await resolve(key, RESEND);

    expect(await resolve(key, RESEND)).toEqual(first);
    expect(await resendsOf(key)).toHaveLength(1);
  });

  it.each(['confirm', 'abandon'] as const)('takes no %s while its conversation may send it', async (action) => {
    const key = await unknown();
    await expect(resolve(key, RESEND, killedAt('conversations', 1))).rejects.toThrow('killed');

    await expect(resolve(key, { action })).rejects.toThrow('A resend of message');
    expect(await rowOf(key)).toMatchObject({ status: 'unknown' });

    await change(api.store, 'camp/user_1', { status: 'completed' });
    await expect(resolve(key, RESEND)).rejects.toThrow('it cannot send a message again');
    expect(await resolve(key, { action })).toMatchObject({ _id: key });
  });
});

it('of operators who say resend at once, one resend comes, and all are told the same', async () => {
  const key = await unknown();
  const answers = await Promise.all(Array.from({ length: 10 }, () => resolve(key, RESEND)));

  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await resendsOf(key)).toHaveLength(1);
});

it('of an operator who resends and one who confirms at once, one prevails', async () => {
  for (let round = 0; round < 10; round++) {
    const key = await unknown();
    const words = (['resend', 'confirm'] as const).map((action) => resolve(key, { action }));
    const [resend, confirm] = await Promise.allSettled(words);
    const { status } = (await rowOf(key)) ?? {};

    expect([resend?.status, confirm?.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect(status).toBe(resend?.status === 'fulfilled' ? 'abandoned' : 'sent');
    expect(await resendsOf(key)).toHaveLength(resend?.status === 'fulfilled' ? 1 : 0);
  }
});

describe('GET /v1/messages', () => {
  it('pages through the unknown ones of all campaigns', async () => {
    await runningCampaign(api, 'another');
    const keys = [await addRow(api.store, 'another/user_1', 500, 'unknown'), await unknown(), await unknown()];
    await addRow(api.store, 'another/user_1', 501, 'failed');
    const found: string[] = [];
    for (let after: unknown = ''; after !== null; ) {
      const cursor = after === '' ? '' : `&after=${encodeURIComponent(String(after))}`;
      const { status, body } = await api.get(`/v1/messages?status=unknown&limit=1${cursor}`);
      expect(status).toBe(200);
      found.push(...(body['items'] as { _id: string }[]).map(({ _id }) => _id));
      after = body['next'];
    }
    expect(found).toEqual([...found].sort());
    expect(found).toEqual(expect.arrayContaining(keys));
    expect(found).not.toContain('another/user_1/welcome/1/501/0');
  });

  it.each(['', '?status=sent', '?status=sending'])('refuses %s', async (query) => {
    expect((await api.get(`/v1/messages${query}`)).status).toBe(400);
  });
});
