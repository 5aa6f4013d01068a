import { request } from 'node:http';
import { checkOf, type HealthOptions, type HealthServer, startHealthServer } from './health.js';

let server: HealthServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function ask(path: string, options: Partial<HealthOptions> = {}, method = 'GET') {
  server = await startHealthServer({
    port: 0,
    host: '127.0.0.1',
    enableMetrics: true,
    metrics: async () => 'a_metric 1\n',
    checks: () => ({ mongodb: { ok: true }, clock: checkOf(null) }),
    ...options,
  });
  const { port } = server;
  return new Promise<{ status: number | undefined; type: string | undefined; body: string }>((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, method }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'], body }));
    });
    sent.on('error', reject).end();
  });
}

describe('the health server', () => {
  it('is live as long as it answers, whatever the checks say', async () => {
    expect(await ask('/health/live', { checks: () => ({ mongodb: checkOf('away') }) })).toMatchObject({ status: 200 });
  });

  it('is ready when every check is well', async () => {
    const { status, body } = await ask('/health/ready?verbose');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({ status: 'ready', checks: { mongodb: { ok: true }, clock: { ok: true } } });
  });

  it('is unready with the reason, without credentials in it', async () => {
    const checks = async () => ({
      mongodb: { ok: true } as const,
      redis: checkOf('redis://:pw@cache does not answer'),
    });
    const { status, body } = await ask('/health/ready', { checks });
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({
      status: 'unready',
      checks: { mongodb: { ok: true }, redis: { ok: false, reason: 'redis://[REDACTED]@cache does not answer' } },
    });
  });

  it('is unready where a check throws', async () => {
    const checks = () => {
      throw new Error('boom');
    };
    const { status, body } = await ask('/health/ready', { checks });
    expect([status, JSON.parse(body).checks]).toEqual([503, { checks: { ok: false, reason: 'boom' } }]);
  });

  it('serves metrics in the format of Prometheus', async () => {
    expect(await ask('/metrics')).toEqual({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: 'a_metric 1\n',
    });
  });

  it('says 503 where metrics cannot be had', async () => {
    expect(await ask('/metrics', { metrics: () => Promise.reject(new Error('no answer')) })).toMatchObject({
      status: 503,
      body: 'Not available: no answer\n',
    });
  });

  it.each([
    ['/metrics', { enableMetrics: false }, 'GET', 404, 'ENABLE_METRICS=true'],
    ['/', {}, 'GET', 404, '/health/live'],
    ['//', {}, 'GET', 404, '/health/live'],
    ['/health/live', {}, 'POST', 405, 'Only GET'],
  ])('refuses %s with %j by %s', async (path, options, method, status, hint) => {
    const answer = await ask(path, options, method);
    expect(answer).toMatchObject({ status, body: expect.stringContaining(hint) });
  });

  it('does not start on a port that is taken', async () => {
    await ask('/health/live');
    await expect(
      startHealthServer({
        port: server?.port ?? 0,
        host: '127.0.0.1',
        enableMetrics: false,
        metrics: async () => '',
        checks: () => ({}),
      }),
    ).rejects.toMatchObject({
      name: 'PortError',
      faults: [`METRICS_PORT is "${server?.port}", but another process listens there: end it, or choose another port.`],
    });
  });
});
