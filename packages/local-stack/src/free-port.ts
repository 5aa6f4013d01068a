import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152): there a connection
 * could take a port that its server has not bound yet, or that waits for a killed server to come back.
 */
const FIRST = 15_000;
const LAST = 31_999;
const ATTEMPTS = 1000;

/** Each process begins somewhere else and goes on from there, so that it is given no port twice. */
let next = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));

/** Thrown where a thousand ports in a row were taken. */
export class NoFreePortError extends Error {
  override readonly name = 'NoFreePortError';

  constructor() {
    super(`Of ${ATTEMPTS} ports between ${FIRST} and ${LAST} each is in use.`);
  }
}

/**
 * A port on 127.0.0.1 that nobody listens on now, and that no outgoing connection takes.
 *
 * @param wanted this port and no other; rejects with EADDRINUSE where it is taken.
 * @throws NoFreePortError
 */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted !== undefined) {
    await listenOn(wanted);
    return wanted;
  }
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const port = next;
    next = port === LAST ? FIRST : port + 1;
    try {
      await listenOn(port);
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new NoFreePortError();
}

async function listenOn(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
