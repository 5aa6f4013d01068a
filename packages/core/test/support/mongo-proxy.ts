import { createServer, type Socket, connect as tcpConnect } from 'node:net';

/**
 * Stands between a store and MongoDB and, once, loses something on the way:
 * - `answer`: the server has done the command, its answer never arrives and the connection breaks;
 * - `request`: the connection breaks at once, but the command is still under way and arrives when `deliver` is called.
 */
export interface MongoProxy {
  readonly uri: string;
  /** The next command of that name (`insert`, `update`, ...) meets the mishap. */
  lose(what: 'answer' | 'request', command: string): void;
  /** Whether the mishap has happened. */
  happened(): boolean;
  /** The late request arrives; resolves when the server has answered it. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

export async function startMongoProxy(target: string): Promise<MongoProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let mishap: { readonly what: 'answer' | 'request'; readonly marker: Buffer } | null = null;
  let happened = false;
  let late: { readonly upstream: Socket; readonly request: Buffer } | null = null;

  const server = createServer((client) => {
    const upstream = tcpConnect(Number(port), hostname);
    let losesAnswer = false;
    sockets.add(client).add(upstream);
    client.on('data', (chunk) => {
      if (mishap && chunk.includes(mishap.marker)) {
        const { what } = mishap;
        mishap = null;
        happened = true;
        if (what === 'request') {
          late = { upstream, request: chunk };
          client.destroy();
          return;
        }
        losesAnswer = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (losesAnswer) client.destroy();
      else client.write(chunk);
    });
    client.on('close', () => late?.upstream !== upstream && upstream.destroy());
    upstream.on('close', () => client.destroy());
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The proxy has no port.');

  return {
    uri: `mongodb://127.0.0.1:${address.port}/?directConnection=true`,
    lose: (what, command) => {
      happened = false;
      // The first element of the command's document: a string (2) under the command's name.
      mishap = { what, marker: Buffer.from(`\u0002${command}\u0000`) };
    },
    happened: () => happened,
    deliver: async () => {
      if (!late) throw new TypeError('Nothing is under way.');
      const { upstream, request } = late;
      const answered = new Promise((resolve) => upstream.once('data', resolve));
      upstream.write(request);
      await answered;
      late = null;
      upstream.destroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
