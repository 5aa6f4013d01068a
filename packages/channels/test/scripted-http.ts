import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A status with headers and body, silence after the request was read, or a closed connection. */
export type Answer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'hang'
  | 'drop'
  /** A good head, then a body that never ends. */
  | 'endless';

export interface ReceivedRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A web server on 127.0.0.1 that gives every request `script.answer`. */
export async function startScriptedHttp() {
  const sockets = new Set<Socket>();
  const script: { answer: Answer } = { answer: { status: 204 } };
  const requests: ReceivedRequest[] = [];
  const connections = { total: 0, peak: 0 };

  function respond(response: ServerResponse): void {
    const { answer } = script;
    if (answer === 'hang') return;
    if (answer === 'drop') response.socket?.destroy();
    else if (answer === 'endless') {
      response.writeHead(200);
      const more = () => {
        while (response.write('x'.repeat(16_384)));
      };
      response.on('drain', more);
      more();
    } else {
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    }
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // the client went away
    }
    requests.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
    respond(response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    connections.total += 1;
    connections.peak = Math.max(connections.peak, sockets.size);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}/hook?team=sales`,
    script,
    requests,
    connections,
    openConnections: () => sockets.size,
    allGone: () => Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)))),
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type ScriptedHttp = Awaited<ReturnType<typeof startScriptedHttp>>;
