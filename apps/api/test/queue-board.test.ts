import { initializeJob } from '@campaign-manager/queues';
import { dropKeys, startTcpProxy, testRedisUrl, until } from '@campaign-manager/testkit';
import { createTestApi, KEY, keyOf, type TestApi } from './support/test-api.js';

const basic = (password: string, user = 'operator') => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const AS_BROWSER = { authorization: basic(keyOf(['operate'])) };

let api: TestApi;
let readOnly: TestApi;
beforeAll(async () => {
  [api, readOnly] = await Promise.all([
    createTestApi('board', { env: { QUEUES_WRITABLE: 'true' } }),
    createTestApi('board_read_only'),
  ]);
});
afterEach(async () => {
  await dropKeys(api.config.redisPrefix);
  await api.store.auditLog.deleteMany({});
});
afterAll(() => Promise.all([api.stop(), readOnly.stop()]));

type Method = 'GET' | 'PUT' | 'PATCH' | 'POST';

function send(method: Method, path: string, headers: Readonly<Record<string, string>> = AS_BROWSER, to = api) {
  return to.app.inject({ method, url: `/queues${path}`, headers });
}

interface Listed {
  readonly queues: readonly { readonly name: string; readonly readOnlyMode: boolean; readonly jobs: unknown[] }[];
}

describe('who may look', () => {
  it.each([
    ['a browser that gives a key as the password', AS_BROWSER],
    ['a browser with another user name', { authorization: basic(keyOf(['operate']), 'ada') }],
    ['a bearer token', { authorization: `Bearer ${KEY}` }],
    ['X-Api-Key', { 'x-api-key': KEY }],
  ])('%s sees every queue', async (_, headers) => {
    const page = await send('GET', '/', headers);
    const list = await send('GET', '/api/queues?page=1&jobsPerPage=10', headers);

    expect([page.statusCode, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
    expect(list.json<Listed>().queues.map(({ name }) => name)).toEqual([
      'campaigns',
      'conversations',
      'messages',
      'notifications',
    ]);
  });

  it.each([
    ['nothing', {}, 401],
    ['a password that is no key', { authorization: basic('a-guess-at-the-key-of-somebody') }, 401],
    ['a name alone', { authorization: basic('') }, 401],
    ['what is no Basic', { authorization: 'Basic !!!' }, 401],
    ['a key without the scope', { authorization: basic(keyOf(['read'])) }, 403],
  ])('%s opens neither page, files nor data', async (_, headers, status) => {
    for (const path of ['', '/', '/queue/campaigns', '/api/queues', '/static/favicon.ico']) {
      const answer = await send('GET', path, headers);
      expect([path, answer.statusCode, answer.headers['content-type']]).toEqual([
        path,
        status,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  it('a browser is asked for name and password here, and nowhere else', async () => {
    const board = await send('GET', '/', {});
    const other = await api.app.inject({ method: 'GET', url: '/v1/campaigns' });

    expect(board.headers['www-authenticate']).toMatch(/^Basic realm=/);
    expect(other.headers['www-authenticate']).toMatch(/^Bearer realm="campaign-manager"$/);
  });

  it('a password opens the board, and not the rest of the api', async () => {
    expect((await api.app.inject({ method: 'GET', url: '/v1/campaigns', headers: AS_BROWSER })).statusCode).toBe(401);
  });

  it('the page loads nothing from elsewhere, and stands in no other page', async () => {
    const policy = (await send('GET', '/')).headers['content-security-policy'];

    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
  });
});

describe('who may change', () => {
  const remove = `/api/queues/campaigns/${encodeURIComponent(String(initializeJob('c', '').jobId))}/clean`;

  it('nobody, unless it is allowed by the configuration, whatever is sent', async () => {
    await readOnly.producers.add('campaigns', [initializeJob('c', '')]);
    for (const path of [remove, '/api/queues/pause', '/api/queues/campaigns/empty', '/api/queues/campaigns/pause']) {
      const answer = await send('PUT', path, AS_BROWSER, readOnly);
      expect([path, answer.statusCode, answer.json()]).toEqual([
        path,
        403,
        expect.objectContaining({ code: 'forbidden' }),
      ]);
    }

    const { queues } = (await send('GET', '/api/queues', AS_BROWSER, readOnly)).json<Listed>();
    expect(queues.map(({ readOnlyMode }) => readOnlyMode)).toEqual([true, true, true, true]);
    expect(await readOnly.jobs('campaigns')).toHaveLength(1);
    expect(await readOnly.producers.queues.campaigns.isPaused()).toBe(false);
    expect(await readOnly.store.auditLog.countDocuments()).toBe(0);
  });

  it.each([
    ['says that it comes from another site', { 'sec-fetch-site': 'cross-site' }],
    ['says that it comes from a sibling domain', { 'sec-fetch-site': 'same-site' }],
    ['comes from a page elsewhere', { origin: 'https://evil.example', host: 'campaigns.example' }],
    ['comes from a page that hides where it is', { origin: 'null', host: 'campaigns.example' }],
  ])('not a browser whose request %s', async (_, headers) => {
    await api.producers.add('campaigns', [initializeJob('c', '')]);

    expect((await send('PUT', remove, { ...AS_BROWSER, ...headers })).statusCode).toBe(403);
    expect(await api.jobs('campaigns')).toHaveLength(1);
  });

  it.each([
    ['a page of the board', { 'sec-fetch-site': 'same-origin' }],
    ['a page of the board, without TLS', { origin: 'http://campaigns.example:3000', host: 'campaigns.example:3000' }],
    ['a program', {}],
  ])('%s, and the audit log tells who did what', async (_, headers) => {
    await api.producers.add('campaigns', [initializeJob('c', '')]);

    expect((await send('PUT', remove, { ...AS_BROWSER, ...headers })).statusCode).toBe(204);
    expect(await api.jobs('campaigns')).toEqual([]);
    expect(await api.store.auditLog.find().lean()).toEqual([
      expect.objectContaining({
        by: 'only operate',
        action: 'job.remove',
        target: 'queues/campaigns',
        detail: { jobId: initializeJob('c', '').jobId },
      }),
    ]);
  });

  it.each([
    ['POST', '/api/queues/campaigns/add'],
    ['PATCH', '/api/queues/campaigns/1/update-data'],
    ['PUT', '/api/queues/campaigns/concurrency'],
    ['PUT', '/api/queues/campaigns/rate-limit'],
  ] as const)('nobody makes, rewrites or throttles jobs: %s %s', async (method, path) => {
    expect((await send(method, path)).statusCode).toBe(403);
    expect(await api.store.auditLog.countDocuments()).toBe(0);
  });
});

it('while Redis is away the board says so, and the api and the board go on when it is back', async () => {
  const proxy = await startTcpProxy(testRedisUrl());
  const cut = await createTestApi('board_cut', { redisUrl: proxy.uri });
  try {
    proxy.refuse();
    const answer = await send('GET', '/api/queues', AS_BROWSER, cut);
    expect([answer.statusCode, answer.json()]).toEqual([503, expect.objectContaining({ code: 'unavailable' })]);
    expect((await send('GET', '/', AS_BROWSER, cut)).statusCode).toBe(200);

    proxy.pass();
    await until(async () => (await send('GET', '/api/queues', AS_BROWSER, cut)).statusCode === 200, {
      describe: 'the board shows queues again',
    });
  } finally {
    await cut.stop();
    await proxy.close();
  }
});
