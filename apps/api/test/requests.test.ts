import { hashApiKey, saveApiKey } from '@campaign-manager/core/store';
import { SCOPES } from '../src/auth/scopes.js';
import { createTestApi, KEY, keyOf, NOW, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_requests');
});
afterAll(() => api.stop());

const ROUTES = [
  ['write', 'POST', '/v1/templates'],
  ['read', 'GET', '/v1/templates'],
  ['read', 'GET', '/v1/templates/x'],
  ['write', 'POST', '/v1/recipients'],
  ['read', 'GET', '/v1/recipients/x'],
  ['operate', 'GET', '/v1/recipients/x/export'],
  ['operate', 'POST', '/v1/recipients/x/erasure'],
  ['operate', 'GET', '/v1/erasures'],
  ['write', 'POST', '/v1/campaigns'],
  ['read', 'GET', '/v1/campaigns'],
  ['read', 'GET', '/v1/campaigns/x'],
  ['write', 'POST', '/v1/campaigns/x/launch'],
  ['write', 'POST', '/v1/campaigns/x/pause'],
  ['write', 'POST', '/v1/campaigns/x/resume'],
  ['write', 'POST', '/v1/campaigns/x/cancel'],
  ['write', 'POST', '/v1/campaigns/x/audience'],
  ['read', 'GET', '/v1/campaigns/x/audience'],
  ['read', 'GET', '/v1/campaigns/x/progress'],
  ['read', 'GET', '/v1/campaigns/x/conversations'],
  ['read', 'GET', '/v1/campaigns/x/messages'],
  ['read', 'GET', '/v1/conversations/x%2Fy'],
  ['read', 'GET', '/v1/conversations/x%2Fy/explain'],
  ['operate', 'POST', '/v1/conversations/x%2Fy/commands'],
  ['read', 'GET', '/v1/messages?status=unknown'],
  ['operate', 'POST', '/v1/messages/x%2Fy%2Fs%2F1%2F0%2F0/resolve'],
  ['respond', 'POST', '/v1/responses'],
  ['read', 'POST', '/v1/simulations'],
  ['read', 'GET', '/v1/suppressions'],
  ['read', 'GET', '/v1/suppressions/email:x'],
  ['operate', 'POST', '/v1/suppressions'],
  ['operate', 'DELETE', '/v1/suppressions/email:x'],
  ['read', 'GET', '/v1/channels'],
  ['operate', 'POST', '/v1/channels/x/pause'],
  ['operate', 'POST', '/v1/channels/x/resume'],
  ['read', 'GET', '/openapi.json'],
] as const;

describe('authentication', () => {
  it.each(ROUTES)('%s is what a key needs for %s %s', async (scope, method, url) => {
    const send = async (headers: Record<string, string>) => (await api.app.inject({ method, url, headers })).statusCode;
    const others = SCOPES.filter((other) => other !== scope);

    expect(await send({})).toBe(401);
    expect(await send({ authorization: 'Bearer nobody-knows-this-key' })).toBe(401);
    for (const other of others) expect(await send({ authorization: `Bearer ${keyOf([other])}` })).toBe(403);
    expect([401, 403]).not.toContain(await send({ 'x-api-key': keyOf([scope]) }));
    expect([401, 403]).not.toContain(await send({ authorization: `bearer ${keyOf([scope])}` }));
  });

  it('knows every route of the server', () => {
    const trees = api.app.printRoutes({ commonPrefix: false, includeHooks: false }).split(/^[├└]── /m);
    const ours = trees.filter((tree) => !tree.startsWith('/queues')); // the board guards itself: queue-board.test.ts
    const inApi = ours.join('').match(/\b(GET|POST|PUT|PATCH|DELETE)\b/g) ?? [];

    expect(inApi).toHaveLength(ROUTES.length);
  });

  it('challenges who comes without a key', async () => {
    const answer = await api.app.inject({ url: '/v1/campaigns' });

    expect(answer.headers['www-authenticate']).toBe('Bearer realm="campaign-manager"');
    expect(answer.json()).toMatchObject({ status: 401, code: 'unauthorized', instance: '/v1/campaigns' });
  });

  it('says nothing about paths that there are not to those without a key', async () => {
    expect((await api.app.inject({ url: '/v1/nothing' })).statusCode).toBe(401);
    expect((await api.get('/v1/nothing?x=1')).body).toMatchObject({
      status: 404,
      detail: 'There is no GET /v1/nothing.',
    });
  });

  it('stores keys hashed only', async () => {
    const stored = JSON.stringify(await api.store.apiKeys.find().lean());

    expect(stored).toContain(hashApiKey(KEY));
    expect(stored).not.toContain(KEY);
  });

  it('forgets a withdrawn key within seconds', async () => {
    const key = 'a-key-that-is-withdrawn-later';
    await saveApiKey(api.store, key, 'short', ['read'], new Date(NOW));
    const status = async () =>
      (await api.app.inject({ url: '/v1/campaigns', headers: { 'x-api-key': key } })).statusCode;

    expect(await status()).toBe(200);
    await api.store.apiKeys.deleteOne({ _id: hashApiKey(key) });
    api.clock.advance(5000);
    expect(await status()).toBe(401);
  });
});

describe('problems', () => {
  it.each([
    ['{"a": 1,}', /line 1, column 9 \(position 8\) cannot be read/],
    ['{"_id": "x"', /is not valid JSON: /],
    ['{"a":\n tru}', /is not valid JSON: /],
  ])('tells where %j is no JSON, without repeating it', async (text, detail) => {
    const { status, headers, body } = await api.post('/v1/recipients', text);

    expect([status, headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(body).toEqual({
      type: 'urn:campaign-manager:problem:invalid_json',
      code: 'invalid_json',
      title: 'The body is not valid JSON',
      status: 400,
      detail: expect.stringMatching(detail),
      instance: '/v1/recipients',
    });
  });

  it('tells an absent body from a wrong one', async () => {
    const { status, body } = await api.post('/v1/recipients');

    expect(status).toBe(422);
    expect(body['faults']).toEqual([expect.objectContaining({ path: '$' })]);
  });

  it.each([
    ['text/plain', 'hello', 415, 'unsupported_media_type'],
    ['application/x-ndjson', '{}', 415, 'unsupported_media_type'],
    ['application/json', `"${'x'.repeat(21 * 1024 * 1024)}"`, 413, 'too_large'],
  ])('refuses %s where it does not belong', async (type, text, status, code) => {
    expect((await api.post('/v1/templates', text, { 'content-type': type })).body).toMatchObject({ status, code });
  });

  it('refuses a recipient that MongoDB could not keep', async () => {
    const recipient = { _id: 'heavy', notes: 'x'.repeat(17 * 1024 * 1024) };

    expect((await api.post('/v1/recipients', recipient)).body).toMatchObject({ status: 413, code: 'too_large' });
  });

  it('answers a URL that cannot be read', async () => {
    expect((await api.get('/v1/templates/%zz')).body).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('traces', () => {
  it('runs a request under the trace of its caller, and tells it', async () => {
    const { headers } = await api.post('/v1/responses', { conversation_id: 'a/b' }, { 'x-trace-id': 'trace-of-mine' });

    expect(headers['x-trace-id']).toBe('trace-of-mine');
    expect(api.log.at(-1)).toContain('"trace_id":"trace-of-mine"');
  });

  it.each(['', 'has spaces', 'x'.repeat(65)])('takes a new one in place of %j', async (given) => {
    const { headers } = await api.post('/v1/templates', {}, { 'x-trace-id': given });

    expect(headers['x-trace-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('logs the pattern of a route, not whom it is about', async () => {
    await api.get('/v1/recipients/jane.doe@example.com');

    expect(api.log.at(-1)).toContain('/v1/recipients/:id');
    expect(api.log.join('')).not.toContain('jane.doe');
  });
});

describe('GET /openapi.json', () => {
  it('describes every route from the same schemas', async () => {
    const { body } = await api.get('/openapi.json');
    const paths = body['paths'] as Record<
      string,
      Record<string, { requestBody?: { content: Record<string, unknown> } }>
    >;

    expect(body['openapi']).toBe('3.1.0');
    expect(Object.values(paths).flatMap(Object.keys)).toHaveLength(ROUTES.length - 1);
    expect(paths['/v1/templates']?.['post']?.requestBody?.content['application/json']).toMatchObject({
      schema: { required: ['_id', 'name', 'type', 'stages'] },
    });
    expect(Object.keys(paths['/v1/recipients']?.['post']?.requestBody?.content ?? {})).toEqual([
      'application/json',
      'application/x-ndjson',
    ]);
    expect(JSON.stringify(body)).not.toContain('"$id"');
  });
});
