import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@campaign-manager/local-stack';
import { CannotMeasureError } from './run.js';

/** Debian's package postfix carries it; it stands beside the other programs of a mail server. */
const PLACES = ['/usr/sbin/smtp-sink', '/usr/bin/smtp-sink', '/usr/libexec/postfix/smtp-sink'];

/** Thrown where the program is not installed. */
export class NoSmtpSinkError extends CannotMeasureError {
  override readonly name = 'NoSmtpSinkError';

  constructor() {
    super('it needs smtp-sink, which the package postfix carries');
  }
}

export interface SmtpSink {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a mail server that accepts everything and keeps nothing. */
export async function startSmtpSink(): Promise<SmtpSink> {
  const program = PLACES.find(isProgram);
  if (program === undefined) throw new NoSmtpSinkError();
  const port = await freePort();
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(program, [...asUser, `127.0.0.1:${port}`, '1000'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  await untilListening(port);
  return {
    port,
    stop: async () => {
      process.off('exit', endWithUs);
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false, // `once` rejects with the error
    );
    socket.destroy();
    if (open) return;
    await delay(25);
  }
  throw new NoSmtpSinkError();
}
