import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  readonly service: string;
  readonly pid: number;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  /** Empty at the root of a trace. */
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  readonly links: readonly { readonly traceId: string }[];
  readonly failed: boolean;
}

/** A collector: it takes OTLP over HTTP and keeps what came. */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Bodies as they came, with their types. */
  readonly requests: readonly { readonly path: string; readonly type: string; readonly body: Buffer }[];
  stop(): Promise<void>;
}

const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: { path: string; type: string; body: Buffer }[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const type = request.headers['content-type'] ?? '';
    requests.push({ path: request.url ?? '', type, body });
    if (type === 'application/json') spans.push(...spansIn(JSON.parse(body.toString())));
    response.writeHead(200, { 'content-type': type }).end(type === 'application/json' ? '{}' : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface Attribute {
  readonly key: string;
  readonly value: object;
}

/** The JSON form of OTLP: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
interface TracesRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly kind: number;
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly attributes: readonly Attribute[];
        readonly events: readonly { readonly name: string }[];
        readonly links: readonly { readonly traceId: string }[];
        readonly status: { readonly code?: number };
      }[];
    }[];
  }[];
}

function spansIn({ resourceSpans }: TracesRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const { 'service.name': service, 'process.pid': pid } = valuesOf(resource.attributes);
    return scopeSpans
      .flatMap((scope) => scope.spans)
      .map(({ name, kind, traceId, spanId, parentSpanId = '', attributes, events, links, status }) => ({
        service: String(service),
        pid: Number(pid),
        name,
        kind: KINDS[kind] ?? 'internal',
        traceId,
        spanId,
        parentSpanId,
        attributes: valuesOf(attributes),
        events: events.map((event) => event.name),
        links,
        failed: status.code === 2,
      }));
  });
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** The names of a trace's spans, each below the one that it belongs to, two spaces deeper; in the order of their ends. */
export function treeOf(spans: readonly ReceivedSpan[], traceId: string): string[] {
  const ofTrace = spans.filter((span) => span.traceId === traceId);
  const known = new Set(ofTrace.map(({ spanId }) => spanId));
  const below = (parentSpanId: string, depth: number): string[] =>
    ofTrace
      .filter((span) => span.parentSpanId === parentSpanId)
      .flatMap(({ name, spanId }) => [`${'  '.repeat(depth)}${name}`, ...below(spanId, depth + 1)]);
  return [...new Set(ofTrace.map((span) => span.parentSpanId))]
    .filter((parent) => !known.has(parent))
    .flatMap((parent) => below(parent, 0));
}
