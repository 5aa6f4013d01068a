import { once } from 'node:events';
import { request } from 'node:http';
import { until } from '@campaign-manager/testkit';
import { recipients } from './support/documents.js';
import { createTestApi, KEY, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_recipients');
});
afterAll(() => api.stop());

let listening: Promise<string> | undefined;
function address(): Promise<string> {
  listening ??= api.app.listen({ host: '127.0.0.1', port: 0 });
  return listening;
}

const NDJSON = { 'content-type': 'application/x-ndjson' };

describe('POST /v1/recipients as JSON', () => {
  it('stores one, or a list, and replaces those that exist', async () => {
    const one = await api.post('/v1/recipients', recipients[0]);
    const list = await api.post('/v1/recipients', recipients);

    expect([one.status, one.body]).toEqual([200, { accepted: 1, created: 1, refused: 0, faults: [] }]);
    expect([list.status, list.body]).toEqual([200, { accepted: 3, created: 2, refused: 0, faults: [] }]);
    expect((await api.get('/v1/recipients/user_1')).body).toEqual(recipients[0]);
  });

  it('stores all of a list or nothing', async () => {
    const list = [{ _id: 'new_1' }, { _id: 'new_2', email: 'nobody' }, { _id: 'new/3' }, { _id: 'new_1' }];
    const { status, body } = await api.post('/v1/recipients', list);

    expect(status).toBe(422);
    expect((body['faults'] as { path: string }[]).map(({ path }) => path)).toEqual(['$[1].email', '$[2]._id']);
    expect((await api.get('/v1/recipients/new_1')).status).toBe(404);
  });

  it('refuses a list that names somebody again', async () => {
    const { status, body } = await api.post('/v1/recipients', [{ _id: 'twice' }, { _id: 'twice' }]);

    expect([status, body['faults']]).toEqual([422, [expect.objectContaining({ path: '$[1]._id', found: 'twice' })]]);
  });

  it('tells the first hundred faults and counts the rest', async () => {
    const { body } = await api.post(
      '/v1/recipients',
      Array.from({ length: 250 }, () => ({ _id: 'bad id' })),
    );
    const faults = body['faults'] as { message: string }[];

    expect(faults).toHaveLength(101);
    expect(faults.at(-1)?.message).toBe('There are 150 more faults.');
  });

  it.each([
    ['{"_id":"h","__proto__":{"admin":true}}', '$.__proto__'],
    ['{"_id":"h","address":{"constructor":1}}', '$.address.constructor'],
    ['[{"_id":"h","a.$where":"1"}]', "$[0]['a.$where']"],
  ])('names the hostile key in %s', async (text, path) => {
    const { status, body } = await api.post('/v1/recipients', text);

    expect([status, body['faults']]).toEqual([422, [expect.objectContaining({ path })]]);
  });
});

describe('POST /v1/recipients as NDJSON', () => {
  it('stores good lines, and refuses bad ones by their numbers', async () => {
    const lines = [
      '\uFEFF{"_id":"line_1"}',
      '',
      '{"_id":"line_3"',
      '{"_id":"line 4"}',
      '{"_id":"line_5"}\r',
      '{"_id":"line_1","first_name":"Ümit"}',
    ];
    const { status, body } = await api.post('/v1/recipients', lines.join('\n'), NDJSON);

    expect(status).toBe(200);
    expect(body).toEqual({
      accepted: 3,
      created: 2,
      refused: 2,
      faults: [
        expect.objectContaining({ line: 3, path: '$' }),
        expect.objectContaining({ line: 4, path: '$._id', found: '"line 4"' }),
      ],
    });
    expect((await api.get('/v1/recipients/line_1')).body).toMatchObject({ first_name: 'Ümit' });
  });

  it('refuses a line beyond a megabyte and goes on behind it', async () => {
    const long = JSON.stringify({ _id: 'long', notes: 'x'.repeat(1024 * 1024) });
    const { body } = await api.post('/v1/recipients', `${long}\n{"_id":"after_long"}\n`, NDJSON);

    expect(body).toMatchObject({ accepted: 1, created: 1, refused: 1, faults: [{ line: 1 }] });
  });

  it('reads a stream no faster than it stores it', async () => {
    const total = 20_000;
    const notes = 'n'.repeat(2000);
    let furthestAhead = 0;
    async function* lines() {
      for (let n = 0; n < total; n++) {
        yield Buffer.from(`${JSON.stringify({ _id: `stream_${n}`, first_name: `N${n}`, notes })}\n`);
        if (n % 2000 !== 1999) continue;
        const stored = await api.store.recipients.countDocuments({ _id: /^stream_/ });
        furthestAhead = Math.max(furthestAhead, n + 1 - stored);
      }
    }
    const url = await address();
    const answer = await fetch(`${url}/v1/recipients`, {
      method: 'POST',
      headers: { ...NDJSON, authorization: `Bearer ${KEY}` },
      body: ReadableStream.from(lines()),
      duplex: 'half',
    } as RequestInit);

    expect(await answer.json()).toEqual({ accepted: total, created: total, refused: 0, faults: [] });
    expect(await api.store.recipients.countDocuments({ _id: /^stream_/ })).toBe(total);
    // Two megabytes of lines are a batch, and a few more fit into the sockets; the whole stream has forty.
    expect(furthestAhead).toBeLessThan(total / 2);
  });

  it('keeps what was stored of a stream that broke off', async () => {
    const { port } = new URL(await address());
    const sent = request({
      port,
      method: 'POST',
      path: '/v1/recipients',
      headers: { ...NDJSON, authorization: `Bearer ${KEY}` },
    });
    const broken = once(sent, 'error');
    for (let n = 0; n < 1000; n++) sent.write(`{"_id":"broken_${n}"}\n`);
    sent.write('{"_id":"broken_1000"');
    const stored = () => api.store.recipients.countDocuments({ _id: /^broken_/ });
    await until(async () => (await stored()) === 1000, { describe: 'the first thousand is stored' });
    sent.destroy(new Error('broken off'));
    await broken;
    await until(() => api.log.some((line) => line.includes('A client went away')), { describe: 'the api knows' });

    expect(await stored()).toBe(1000);
    expect(api.log.filter((line) => line.includes('"level":"ERROR"'))).toEqual([]);
  });
});
