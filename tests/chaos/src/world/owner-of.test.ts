import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { inodeOf, ownerOf } from './owner-of.js';

it('a connection is found with the process that opened it, and with no other', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const to = (server.address() as AddressInfo).port;
  const socket = connect(to, '127.0.0.1');
  await once(socket, 'connect');
  const from = socket.localPort ?? 0;

  expect(await ownerOf({ from, to }, [process.ppid, process.pid])).toBe(process.pid);
  expect(await ownerOf({ from, to }, [process.ppid])).toBeUndefined();
  expect(await ownerOf({ from: 1, to }, [process.pid])).toBeUndefined();
  socket.destroy();
  server.close();
});

it('a port that leads to several servers is told apart by theirs', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:9C40 0100007F:4E20 06 00000000:00000000 03:00000A2B 00000000     0        0 0 3 0000000000000000',
    '   1: 0100007F:9C40 0100007F:4E21 01 00000000:00000000 00:00000000 00000000     0        0 731245 1 0000000000000000',
    '   2: 0100007F:4E21 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 731246 1 0000000000000000',
  ].join('\n');

  expect(inodeOf({ from: 40_000, to: 20_001 }, table)).toBe('731245');
  expect(inodeOf({ from: 20_001, to: 40_000 }, table)).toBe('731246');
  expect(inodeOf({ from: 40_000, to: 20_002 }, table)).toBeUndefined();
});
