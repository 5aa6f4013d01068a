import { createHash } from 'node:crypto';
import { createTokens } from '@campaign-manager/mail';
import { addRow, runningCampaign } from './support/conversations.js';
import { createTestApi, type TestApi } from './support/test-api.js';

const SECRET = 'a-secret-of-the-tests-that-signs-links';
const { sign } = createTokens(SECRET);

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await createTestApi('api_unsubscribe', { env: { LINK_SECRET: SECRET } });
  await runningCampaign(api, 'camp');
  key = await addRow(api.store, 'camp/user_1', 0, 'sent');
});
afterEach(async () => {
  await api.store.suppressions.deleteMany({});
  await api.store.conversations.updateMany({}, { $set: { inbox: [] } });
});
afterAll(() => api.stop());

const ONE_CLICK = 'List-Unsubscribe=One-Click';
const FORM = 'application/x-www-form-urlencoded';
const inboxOf = async (id: string) => (await api.store.conversations.findById(id).lean())?.inbox;
const link = (token = sign('unsubscribe', key)) => `/u/${token}`;

/** As a mail program or a browser: no key, no cookie. */
function visit(method: 'GET' | 'HEAD' | 'POST', url: string, payload?: string, type = FORM) {
  return api.app.inject({ method, url, ...(payload !== undefined && { payload, headers: { 'content-type': type } }) });
}

describe('looking at the page', () => {
  it.each(['GET', 'HEAD'] as const)('by %s changes nothing, for mail scanners follow links', async (method) => {
    expect((await visit(method, link())).statusCode).toBe(200);
    expect(await api.store.suppressions.countDocuments()).toBe(0);
    expect(await inboxOf('camp/user_1')).toEqual([]);
  });

  it('shows a form that needs no script, names nobody, and loads nothing', async () => {
    const { headers, body } = await visit('GET', link());
    const policy = String(headers['content-security-policy']);
    const style = /<style>([\s\S]*?)<\/style>/.exec(body)?.[1] ?? '';

    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    expect(body).toMatch(
      /<html lang="en">[\s\S]*<main>[\s\S]*<h1>[\s\S]*<form method="post">[\s\S]*<button type="submit">/,
    );
    expect(body).toContain('name="List-Unsubscribe" value="One-Click"');
    expect(body).not.toMatch(/<script|<img|<link|https?:|user_1|camp/);
  });
});

describe('one click', () => {
  it.each([
    ['a mail program', FORM, ONE_CLICK],
    ['a mail program that sends parts', 'multipart/form-data; boundary=b', part('b')],
    ['a browser that presses the button', `${FORM}; charset=UTF-8`, ONE_CLICK],
  ])('of %s unsubscribes without a key, and wakes the conversation', async (_who, type, body) => {
    const answer = await visit('POST', link(), body, type);

    expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('You are unsubscribed')]);
    expect(await api.store.suppressions.findById('log:user_1@example.com').lean()).toMatchObject({
      reason: 'unsubscribe',
      source: key,
    });
    expect(await inboxOf('camp/user_1')).toEqual([
      { id: 'opt_out:log', type: 'opt_out', at: expect.any(Number), detail: 'unsubscribe' },
    ]);
    const jobs = await api.jobs('conversations');
    expect(jobs.map(({ name, data }) => [name, data['conversation_id']])).toContainEqual(['advance', 'camp/user_1']);
  });

  it('again changes nothing and says the same', async () => {
    const first = await visit('POST', link(), ONE_CLICK);
    const again = await visit('POST', link(), ONE_CLICK);

    expect([again.statusCode, again.body]).toEqual([first.statusCode, first.body]);
    expect(await inboxOf('camp/user_1')).toHaveLength(1);
  });

  it.each([
    ['another form', FORM, 'List-Unsubscribe=Maybe', 400],
    ['no field', FORM, '', 400],
    ['parts without a boundary', 'multipart/form-data', ONE_CLICK, 400],
    ['a body that is too large', FORM, `${ONE_CLICK}&x=${'x'.repeat(5000)}`, 413],
    ['JSON', 'application/json', '{"List-Unsubscribe":"One-Click"}', 400],
    ['XML', 'text/xml', '<a/>', 415],
  ])('of %s changes nothing and shows the button', async (_what, type, body, status) => {
    const answer = await visit('POST', link(), body, type);

    expect([answer.statusCode, answer.body]).toEqual([status, expect.stringContaining('<button')]);
    expect(await api.store.suppressions.countDocuments()).toBe(0);
  });
});

describe('a link that is not ours', () => {
  it.each([
    ['signed for another purpose', () => link(sign('message', key))],
    ['signed with another secret', () => link(createTokens(`${SECRET}-not`).sign('unsubscribe', key))],
    ['changed', () => link().replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['no token', () => '/u/x'],
    ['of a message that there is not', () => link(sign('unsubscribe', 'camp/nobody/welcome/1/0/0'))],
  ])('%s learns nothing: all answers are the same', async (what, url) => {
    const known = await visit('POST', '/u/nothing', ONE_CLICK);
    const answer = await visit('POST', url(), ONE_CLICK);

    expect([answer.statusCode, answer.body]).toEqual([404, known.body]);
    if (!what.includes('there is not')) expect((await visit('GET', url())).body).toBe(known.body);
    expect(await api.store.suppressions.countDocuments()).toBe(0);
  });
});

it('neither link nor address is in the log', async () => {
  await visit('POST', link(), ONE_CLICK);
  await visit('GET', '/u/secret-token');
  const log = api.log.join('\n');

  expect(log).toContain('/u/:token');
  for (const secret of [sign('unsubscribe', key).slice(0, 12), 'secret-token', 'user_1'])
    expect(log).not.toContain(secret);
});

it('every other route still wants a key', async () => {
  expect((await visit('GET', '/v1/messages?status=unknown')).statusCode).toBe(401);
  expect((await visit('GET', '/openapi.json')).statusCode).toBe(401);
});

it('without LINK_SECRET there is no such route', async () => {
  const without = await createTestApi('api_no_links');
  try {
    const { statusCode } = await without.app.inject({ method: 'POST', url: link(), payload: ONE_CLICK });
    expect(statusCode).toBe(401);
  } finally {
    await without.stop();
  }
});

function part(boundary: string): string {
  const lines = [`--${boundary}`, 'Content-Disposition: form-data; name="List-Unsubscribe"', '', 'One-Click'];
  return `${lines.join('\r\n')}\r\n--${boundary}--\r\n`;
}
