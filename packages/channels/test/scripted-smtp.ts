import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** The points at which the script can step in. `body`: at the first byte of the body; `dot`: after the final dot. */
export type Step = 'banner' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot' | 'rset' | 'quit';
/**
 * A reply such as `451 later` (421 also closes), silence, a closed connection, half a reply and then that, or the usual
 * reply once something has happened.
 */
export type Reaction =
  | string
  | 'hang'
  | 'drop'
  | { readonly unfinished: string }
  | { readonly after: Promise<unknown> };

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
}

const GOOD_REPLIES: Record<Step, string> = {
  banner: '220 script.test ESMTP',
  ehlo: '250 script.test',
  auth: '235 welcome',
  mail: '250 sender ok',
  rcpt: '250 recipient ok',
  data: '354 go ahead',
  body: '',
  dot: '250 queued as 4711',
  rset: '250 reset',
  quit: '221 bye',
};

/** How replies travel: each as it is written, all to one chunk in one, or every byte alone. */
export type Travel = 'as written' | 'together' | 'byte by byte';

/** An SMTP server on 127.0.0.1 that does what `script` says at each step, and else what a good server does. */
export async function startScriptedSmtp(
  extensions: readonly string[] = ['PIPELINING', '8BITMIME'],
  travel: Travel = 'as written',
) {
  const sockets = new Set<Socket>();
  const script: Partial<Record<Step, Reaction>> = {};
  const commands: string[] = [];
  const mails: ReceivedMail[] = [];
  const connections = { total: 0, peak: 0 };
  /** All that clients have written. */
  let received = '';
  let bodies = 0;

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    connections.total += 1;
    connections.peak = Math.max(connections.peak, sockets.size);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);

    let buffer = '';
    let from = '';
    let to: string[] = [];
    let inBody = false;
    let silent = false;
    let crumbs = Promise.resolve();

    function write(text: string): void {
      if (travel !== 'byte by byte') return void socket.write(text);
      for (const byte of text) {
        crumbs = crumbs.then(async () => {
          await new Promise((resolve) => setImmediate(resolve));
          socket.write(byte);
        });
      }
    }

    /** Plays one step; true if the server went on as usual. */
    function play(step: Step, good = GOOD_REPLIES[step]): boolean {
      const reaction = script[step] ?? good;
      if (reaction === 'hang') {
        silent = true;
      } else if (reaction === 'drop') {
        socket.destroy();
      } else if (typeof reaction === 'object' && 'after' in reaction) {
        void reaction.after.then(() => write(`${good}\r\n`));
        return true;
      } else if (typeof reaction === 'object') {
        socket.end(reaction.unfinished);
      } else if (reaction !== '') {
        write(`${reaction}\r\n`);
        if (reaction.startsWith('421')) void crumbs.then(() => socket.end());
      }
      return reaction === good;
    }

    function command(line: string): void {
      commands.push(line);
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') {
        const lines = ['script.test', ...extensions];
        play('ehlo', lines.map((text, i) => `250${i === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n'));
      } else if (verb === 'HELO') play('ehlo');
      else if (verb === 'AUTH') play('auth');
      else if (verb === 'MAIL') {
        to = [];
        from = line.slice('MAIL FROM:'.length);
        if (!play('mail')) from = '';
      } else if (verb === 'RCPT') {
        if (play('rcpt')) to.push(line.slice('RCPT TO:'.length));
      } else if (verb === 'DATA') {
        if (from === '' || to.length === 0) play('data', '503 no valid recipients');
        else inBody = play('data');
      } else if (verb === 'RSET') play('rset');
      else if (verb === 'QUIT') {
        play('quit');
        void crumbs.then(() => socket.end());
      } else write('500 what?\r\n');
    }

    function consume(): void {
      while (!silent && !socket.destroyed) {
        if (inBody) {
          if (buffer !== '' && script.body && !play('body')) return;
          const end = buffer.indexOf('\r\n.\r\n');
          if (end < 0) return;
          const data = buffer.slice(0, end + 2);
          buffer = buffer.slice(end + 5);
          inBody = false;
          bodies += 1;
          if (play('dot')) mails.push({ from, to, data });
        } else {
          const end = buffer.indexOf('\r\n');
          if (end < 0) return;
          const line = buffer.slice(0, end);
          buffer = buffer.slice(end + 2);
          command(line);
        }
      }
    }

    play('banner');
    socket.on('data', (chunk) => {
      buffer += chunk.toString('latin1');
      received += chunk.toString('latin1');
      if (travel === 'together') socket.cork();
      consume();
      if (travel === 'together') socket.uncork();
    });
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const allGone = () =>
    Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  return {
    port: address.port,
    url: `smtp://127.0.0.1:${address.port}`,
    script,
    commands,
    /** Whatever clients have written, byte by byte. */
    received: () => received,
    mails,
    connections,
    openConnections: () => sockets.size,
    /** Bodies received up to the final dot, whatever was answered. */
    bodies: () => bodies,
    /** Says something that nobody asked for, on every connection. */
    say(text: string): void {
      for (const socket of sockets) socket.write(text);
    },
    /** Resolves when every connection that is open now has been closed by both sides. */
    allGone,
    /** Ends all connections, saying `reply` before if given. */
    async hangUp(reply?: string): Promise<void> {
      for (const socket of sockets) socket.end(reply ? `${reply}\r\n` : '');
      await allGone();
    },
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type ScriptedSmtp = Awaited<ReturnType<typeof startScriptedSmtp>>;
