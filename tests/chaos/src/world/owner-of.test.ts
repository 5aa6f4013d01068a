import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { ownerOf } from './owner-of.js';

it('a connection is found with the process that opened it, and with no other', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  await once(socket, 'connect');
  const port = socket.localPort ?? 0;

  expect(await ownerOf(port, [process.ppid, process.pid])).toBe(process.pid);
  expect(await ownerOf(port, [process.ppid])).toBeUndefined();
  expect(await ownerOf(1, [process.pid])).toBeUndefined();
  socket.destroy();
  server.close();
});
