import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { NothingLostError, startTcpProxy, type TcpProxy } from './tcp-proxy.js';
import { until } from './until.js';

let server: Server;
let proxy: TcpProxy;
let heard: string;
const sockets = new Set<Socket>();

beforeEach(async () => {
  heard = '';
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      heard += piece;
      socket.write(`<${piece}>`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  proxy = await startTcpProxy(`redis://127.0.0.1:${address.port}/2`);
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await proxy.close();
  server.close();
});

interface Client {
  readonly socket: Socket;
  heard(): string;
  readonly closed: Promise<unknown>;
}

async function client(): Promise<Client> {
  const socket = connect(proxy.port, '127.0.0.1');
  sockets.add(socket);
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (piece) => {
    text += piece;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return { socket, heard: () => text, closed };
}

async function exchange(who: Client, said: string): Promise<void> {
  who.socket.write(said);
  await until(() => who.heard().endsWith(`<${said}>`), { describe: `the answer to ${said} is here` });
}

describe('a TCP proxy', () => {
  it('takes the place of the target in its URI, and lets everything through', async () => {
    expect(proxy.uri).toBe(`redis://127.0.0.1:${proxy.port}/2`);
    const one = await client();
    await exchange(one, 'a');
    await exchange(one, 'b');
    expect(heard).toBe('ab');
  });

  it('adds time each way and keeps the order, also when it becomes fast again', async () => {
    const one = await client();
    await exchange(one, 'a');
    proxy.slow(40);
    const asked = performance.now();
    one.socket.write('b');
    await until(() => heard === 'ab', { describe: 'the slow piece is there' });
    proxy.slow(0);
    await exchange(one, 'c');
    expect(one.heard()).toBe('<a><b><c>');
    expect(performance.now() - asked).toBeGreaterThanOrEqual(78);
  });

  it('holds everything, of new connections too, and delivers it late, even of a client that has gone', async () => {
    const [stays, goes] = [await client(), await client()];
    proxy.hold();
    const later = await client();
    stays.socket.write('s');
    later.socket.write('l');
    goes.socket.end('g');
    await goes.closed.catch(() => undefined);
    expect(heard).toBe('');

    proxy.pass();
    await until(() => [...heard].sort().join('') === 'gls', { describe: 'everything has arrived late' });
    await until(() => stays.heard() === '<s>' && later.heard() === '<l>', { describe: 'the answers are back' });
  });

  it('strands the connections that there are, and new ones work', async () => {
    const stranded = await client();
    proxy.strand();
    stranded.socket.write('lost');
    await exchange(await client(), 'new');

    expect([heard, stranded.heard(), stranded.socket.destroyed]).toEqual(['new', '', false]);
  });

  it('refuses: what is open breaks, what is new breaks at once, until it passes again', async () => {
    const before = await client();
    proxy.refuse();
    await before.closed;
    await (await client()).closed;
    proxy.pass();
    await exchange(await client(), 'x');
    expect(heard).toBe('x');
  });

  it('cuts what is open and takes new connections', async () => {
    const before = await client();
    await exchange(before, 'a');
    proxy.cut();
    await before.closed;
    await exchange(await client(), 'b');
  });

  it('loses an answer: the target has the request, the client loses its connection', async () => {
    const one = await client();
    const mishap = proxy.lose('answer', 'claim');
    await exchange(one, 'other');
    one.socket.write('claim 1');
    await one.closed;
    expect([heard, one.heard(), mishap.happened()]).toEqual(['otherclaim 1', '<other>', true]);
    await expect(mishap.deliver()).rejects.toThrow(NothingLostError);
  });

  it('loses a request and delivers it late', async () => {
    const one = await client();
    const mishap = proxy.lose('request', 'claim');
    await expect(mishap.deliver()).rejects.toThrow(NothingLostError);
    one.socket.write('claim 1');
    await one.closed;
    await exchange(await client(), 'other');
    expect(heard).toBe('other');

    await mishap.deliver();
    expect(heard).toBe('otherclaim 1');
  });
});
