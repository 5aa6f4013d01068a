import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenOn } from './config/port-error.js';
import { maskCredentials } from './credentials.js';

export type Check = { readonly ok: true } | { readonly ok: false; readonly reason: string };
export type Checks = { readonly [name: string]: Check };

export interface HealthOptions {
  /** METRICS_PORT; 0 takes a free one. */
  readonly port: number;
  /** Default: every address. */
  readonly host?: string;
  readonly enableMetrics: boolean;
  /** Prometheus text. */
  readonly metrics: () => Promise<string>;
  /** Asked at every call of /health/ready; ready means that all are ok. */
  readonly checks: () => Checks | Promise<Checks>;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';

/** A check from the reason why something is not well; null: it is. */
export function checkOf(reason: string | null): Check {
  return reason === null ? { ok: true } : { ok: false, reason };
}

/**
 * Serves /health/live (200 as long as the process answers), /health/ready (200 or 503, with every check and its reason
 * as JSON) and /metrics.
 * @throws PortError where the port is taken or may not be opened.
 */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '/';
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return send(response, text(405, 'Only GET is answered here.'));
    }
    answer(path, options).then(
      (found) => send(response, found),
      (error: unknown) => send(response, text(503, `Not available: ${reasonOf(error)}`)),
    );
  });
  server.listen(options.port, options.host);
  await listenOn('METRICS_PORT', options.port, once(server, 'listening'));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(path: string, options: HealthOptions): Promise<Answer> {
  switch (path) {
    case '/health/live':
      return json(200, { status: 'live' });
    case '/health/ready':
      return readiness(options);
    case '/metrics':
      if (!options.enableMetrics) return text(404, 'Metrics are off: set ENABLE_METRICS=true.');
      return { status: 200, type: PROMETHEUS, body: await options.metrics() };
    default:
      return text(404, 'Here are /health/live, /health/ready and /metrics.');
  }
}

async function readiness({ checks: ask }: HealthOptions): Promise<Answer> {
  const checks = await Promise.resolve()
    .then(ask)
    .catch((error: unknown): Checks => ({ checks: { ok: false, reason: reasonOf(error) } }));
  const ready = Object.values(checks).every(({ ok }) => ok);
  return json(ready ? 200 : 503, { status: ready ? 'ready' : 'unready', checks });
}

function json(status: number, body: object): Answer {
  return { status, type: 'application/json', body: `${maskCredentials(JSON.stringify(body))}\n` };
}

function text(status: number, line: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${line}\n` };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

function reasonOf(error: unknown): string {
  return maskCredentials(error instanceof Error ? error.message : String(error));
}
