import { createTestApi, KEY, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_suppressions');
});
afterEach(() => Promise.all([api.store.suppressions.deleteMany({}), api.store.auditLog.deleteMany({})]));
afterAll(() => api.stop());

const NDJSON = { 'content-type': 'application/x-ndjson' };
const URL = '/v1/suppressions';
const AT = '2026-01-02T03:04:05.678Z';

const importLines = (lines: readonly (object | string)[]) =>
  api.post(URL, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'), NDJSON);

function send(method: 'GET' | 'DELETE', url: string, headers: Record<string, string> = {}) {
  return api.app.inject({ method, url, headers: { authorization: `Bearer ${KEY}`, ...headers } });
}

describe('one address', () => {
  it('is suppressed once, in lower case, and found and removed whatever its case', async () => {
    const entry = { channel: 'email', address: 'Ann@Example.test', source: 'she phoned' };
    const first = await api.post(URL, entry);
    const again = await api.post(URL, { ...entry, reason: 'complaint' });
    const stored = { ...entry, address: 'ann@example.test', reason: 'manual', created_at: expect.any(String) };

    expect([first.status, first.body]).toEqual([201, stored]);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await api.get(`${URL}/${encodeURIComponent('email:ANN@example.test')}`)).body).toEqual(first.body);

    const url = `${URL}/email:Ann%40example.test`;
    expect((await send('DELETE', url)).statusCode).toBe(204);
    expect((await send('DELETE', url)).statusCode).toBe(404);
    expect((await send('GET', url)).json()).toMatchObject({ code: 'not_found' });
    const audited = await api.store.auditLog.find({ target: 'email:ann@example.test' }).lean();
    expect(audited.map(({ action, by, detail }) => [action, by, detail])).toEqual([
      ['suppression.add', 'tests', { reason: 'manual' }],
      ['suppression.remove', 'tests', { reason: 'manual' }],
    ]);
  });

  it.each([
    [{ channel: 'email', address: 'nobody' }, '$.address'],
    [{ channel: 'email', address: 'a@x.test, b@x.test' }, '$.address'],
    [{ channel: 'webhook', address: 'no/id' }, '$.address'],
    [{ channel: 'log', address: 'two words' }, '$.address'],
    [{ channel: 'fax', address: 'a@x.test' }, '$.channel'],
    [{ channel: 'email' }, '$.address'],
    [{ channel: 'email', address: 'a@x.test', reason: 'whim' }, '$.reason'],
    [{ channel: 'email', address: 'a@x.test', created_at: 'yesterday' }, '$.created_at'],
    [{ channel: 'email', address: 'a@x.test', more: 1 }, '$.more'],
  ])('%j is refused at %s', async (entry, path) => {
    const { status, body } = await api.post(URL, entry);

    expect([status, body['faults']]).toEqual([422, [expect.objectContaining({ path })]]);
    expect(await api.store.suppressions.countDocuments()).toBe(0);
  });

  it.each(['fax:x', 'email', 'x'])('there is no suppression %s', async (id) => {
    expect((await send('DELETE', `${URL}/${id}`)).statusCode).toBe(400);
  });
});

describe('the list', () => {
  const entries = [
    {
      channel: 'email',
      address: 'ann@example.test',
      reason: 'stop',
      source: 'reply, "STOP"\nand more',
      created_at: AT,
    },
    { channel: 'email', address: 'bob@example.test', reason: 'bounce', created_at: AT },
    { channel: 'log', address: '+4930123456', reason: 'unsubscribe', source: 'c/r/s/1/0/0', created_at: AT },
    { channel: 'webhook', address: 'user:1', reason: 'complaint', created_at: AT },
  ];

  it('comes in pages, of all channels or of one', async () => {
    await importLines(entries);
    const first = await api.get(`${URL}?limit=3`);
    const rest = await api.get(`${URL}?limit=3&after=${encodeURIComponent(String(first.body['next']))}`);

    expect(first.body).toEqual({ items: entries.slice(0, 3), next: 'log:+4930123456' });
    expect(rest.body).toEqual({ items: entries.slice(3), next: null });
    expect((await api.get(`${URL}?channel=email`)).body['items']).toEqual(entries.slice(0, 2));
  });

  it.each([
    ['the query', '?format=ndjson', {}],
    ['Accept', '', { accept: 'application/x-ndjson' }],
  ])('is exported as NDJSON that %s asks for, and imports to the same list', async (_by, query, headers) => {
    await importLines(entries);
    const exported = await send('GET', URL + query, headers);
    await api.store.suppressions.deleteMany({});
    const { body } = await api.post(URL, exported.body, NDJSON);

    expect(exported.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(body).toEqual({ accepted: 4, created: 4, refused: 0, faults: [] });
    expect((await send('GET', `${URL}?format=ndjson`)).body).toBe(exported.body);
    expect((await api.get(URL)).body['items']).toEqual(entries);
  });

  it('is exported as CSV', async () => {
    await importLines(entries);
    const { headers, body } = await send('GET', `${URL}?channel=email`, { accept: 'text/csv, application/json;q=0.5' });

    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(body).toBe(
      `channel,address,reason,source,created_at\nemail,ann@example.test,stop,"reply, ""STOP""\nand more",${AT}\n` +
        `email,bob@example.test,bounce,,${AT}\n`,
    );
  });

  it('of many thousand is exported and imported whole', async () => {
    const many = Array.from({ length: 3500 }, (_, i) => ({ channel: 'email', address: `r${i}@example.test` }));
    expect((await importLines(many)).body).toMatchObject({ accepted: 3500, created: 3500 });
    const { body } = await send('GET', `${URL}?format=ndjson`);

    expect(new Set(body.trimEnd().split('\n')).size).toBe(3500);
    expect(body).toContain('"reason":"import"');
    expect((await api.post(URL, body, NDJSON)).body).toMatchObject({ accepted: 3500, created: 0 });
  });
});

it('an export that breaks off in the middle is seen to have broken off, and the api goes on', async () => {
  const many = Array.from({ length: 1500 }, (_, i) => ({ channel: 'email', address: `r${i}@example.test` }));
  await importLines(many);
  const base = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const { collection } = api.store.suppressions;
  const find = collection.find.bind(collection);
  let pages = 0;
  const spy = jest.spyOn(collection, 'find').mockImplementation(((...args: Parameters<typeof find>) => {
    if (++pages === 2) throw new Error('MongoDB is away');
    return find(...args);
  }) as never);
  try {
    const answer = await fetch(`${base}${URL}?format=ndjson`, { headers: { authorization: `Bearer ${KEY}` } });
    await expect(answer.text()).rejects.toThrow('terminated');
  } finally {
    spy.mockRestore();
  }
  expect((await send('GET', `${URL}?format=ndjson`)).body.trimEnd().split('\n')).toHaveLength(1500);
});

describe('an import', () => {
  it('keeps good lines, names bad ones by their numbers, and is audited', async () => {
    const { status, body } = await importLines([
      { channel: 'email', address: 'ann@example.test' },
      '{"channel":"email"',
      { channel: 'email', address: 'nobody' },
      '',
      { channel: 'email', address: 'ANN@example.test', reason: 'bounce' },
    ]);

    expect([status, body]).toEqual([
      200,
      {
        accepted: 2,
        created: 1,
        refused: 2,
        faults: [
          expect.objectContaining({ line: 2, path: '$' }),
          expect.objectContaining({ line: 3, path: '$.address', found: '"nobody"' }),
        ],
      },
    ]);
    expect(await api.store.auditLog.find({ action: 'suppressions.import' }).lean()).toMatchObject([
      { by: 'tests', detail: { accepted: 2, created: 1 } },
    ]);
  });
});
