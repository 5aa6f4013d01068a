import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { freePort } from '../src/free-port.js';

const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listenOn(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
}

it('no port is given twice, and none that an outgoing connection could take first', async () => {
  const ports = await Promise.all(Array.from({ length: 100 }, () => freePort()));

  expect(new Set(ports).size).toBe(100);
  // Where Linux begins, if nobody told it otherwise; other systems begin higher up.
  expect(ports.filter((port) => port >= 32_768)).toEqual([]);
});

it('a port that somebody listens on is passed over', async () => {
  const port = await freePort();
  await listenOn(port + 1);

  expect(await freePort()).not.toBe(port + 1);
});

it('a wanted port is given, or it is said that it is taken', async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);

  await listenOn(port);
  await expect(freePort(port)).rejects.toThrow('EADDRINUSE');
});
