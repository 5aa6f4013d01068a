import { Webhook } from 'standardwebhooks';
import type { Channel, Outcome } from '../src/channel.js';
import { createWebhookChannel, type WebhookOptions } from '../src/webhook.js';
import { type ScriptedHttp, startScriptedHttp } from './scripted-http.js';

const never = new AbortController().signal;
const SECRET = 'whsec_dGhpcyBpcyBhIHRlc3Qgc2VjcmV0';
const message = { key: 'c/r/awareness/1/0/0', to: 'user_1', subject: 'Grüße', body: 'Hello Ada\n', attempt: 1 };
const channels: Channel[] = [];
let server: ScriptedHttp;

beforeEach(async () => {
  server = await startScriptedHttp();
});
afterEach(async () => {
  for (const channel of channels.splice(0)) await channel.close();
  await server.stop();
});

function webhook(options: Partial<WebhookOptions> = {}): Channel {
  const channel = createWebhookChannel({
    url: server.url,
    secret: SECRET,
    timeoutMs: 5000,
    connections: 2,
    allowPrivate: true,
    ...options,
  });
  channels.push(channel);
  return channel;
}

async function send(channel: Channel, attempt = 1): Promise<Outcome> {
  return (await channel.reserve(never)).send({ ...message, attempt }, never);
}

describe('a webhook on the wire', () => {
  it('is a POST of the message that the receiver can verify', async () => {
    expect(await send(webhook())).toEqual({ status: 'accepted' });
    const [request] = server.requests;
    expect(request?.url).toBe('/hook?team=sales');
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': message.key });
    const verified = new Webhook(SECRET).verify(request?.body ?? '', request?.headers as Record<string, string>);
    expect(verified).toEqual(message);
  });

  it('carries the same id and idempotency key at every attempt, without a dot in the id', async () => {
    const channel = webhook();
    await send(channel, 1);
    await send(channel, 2);
    const ids = server.requests.map(({ headers }) => [headers['webhook-id'], headers['idempotency-key']]);
    expect(ids[0]).toEqual(ids[1]);
    expect(ids[0]?.[0]).toMatch(/^msg_[0-9a-f]{32}$/);
  });

  it('does not follow a redirect', async () => {
    const other = await startScriptedHttp();
    server.script.answer = { status: 307, headers: { location: other.url } };
    expect(await send(webhook())).toMatchObject({ status: 'deferred', reason: expect.stringContaining('307') });
    expect(other.requests).toEqual([]);
    await other.stop();
  });

  it('hands on Retry-After', async () => {
    server.script.answer = { status: 503, headers: { 'retry-after': '90' } };
    expect(await send(webhook())).toEqual({ status: 'deferred', reason: 'HTTP 503', afterMs: 90_000 });
  });

  it('answers by the status and hangs up on a response that does not end', async () => {
    server.script.answer = 'endless';
    const channel = webhook({ connections: 1 });
    expect(await send(channel)).toEqual({ status: 'accepted' });
    await server.allGone();
    server.script.answer = { status: 204 };
    expect(await send(channel)).toEqual({ status: 'accepted' });
  });

  it('goes over a connection that is kept open', async () => {
    const channel = webhook({ connections: 1 });
    for (const attempt of [1, 2, 3]) await send(channel, attempt);
    expect(server.connections.total).toBe(1);
  });
});

describe('a webhook that cannot be delivered', () => {
  it('is deferred where nobody listens', async () => {
    await server.stop();
    expect(await send(webhook())).toMatchObject({
      status: 'deferred',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is deferred where the name does not resolve', async () => {
    expect(await send(webhook({ url: 'http://no-such-host.invalid/' }))).toMatchObject({ status: 'deferred' });
  });

  it('is deferred where TLS fails before anything was said', async () => {
    expect(await send(webhook({ url: `https://127.0.0.1:${server.port}/` }))).toMatchObject({ status: 'deferred' });
    expect(server.requests).toEqual([]);
  });

  it('is unknown where the connection breaks after the request', async () => {
    server.script.answer = 'drop';
    expect(await send(webhook())).toMatchObject({ status: 'unknown' });
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '2130706433'])(
    'does not reach %s unless private addresses are allowed',
    async (host) => {
      const outcome = await send(webhook({ url: `http://${host}:${server.port}/`, allowPrivate: false }));
      expect(outcome).toMatchObject({ status: 'deferred', reason: expect.stringContaining('not a public address') });
      expect(server.connections.total).toBe(0);
    },
  );
});

describe('the address of a webhook message', () => {
  it('is the id of the recipient', () => {
    expect(webhook().addressOf({ _id: 'user_1', email: 'ada@example.org' })).toEqual({ to: 'user_1' });
    expect(webhook().addressOf({})).toEqual({ missing: 'the recipient has no _id' });
  });
});
