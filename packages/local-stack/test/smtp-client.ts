import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** Just enough of an SMTP client to see what is on the wire. */
export interface SmtpClient {
  /** Writes lines at once, as a pipelining client does, and gives back as many answers as asked for. */
  say(lines: readonly string[], answers: number): Promise<string[]>;
  /** The whole dialogue for one mail; the answer to its body. */
  mail(to: string, ...lines: string[]): Promise<string>;
  readonly greeting: readonly string[];
  close(): void;
}

/** Connects and says EHLO. */
export async function smtpClient(uri: string): Promise<SmtpClient> {
  const socket = connect(Number(new URL(uri).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();

  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The server closed the connection.');
    return /^\d{3}-/.test(value) ? `${value}\n${await answer()}` : value;
  };
  const say = async (said: readonly string[], count: number) => {
    socket.write(said.map((line) => `${line}\r\n`).join(''));
    const answers: string[] = [];
    while (answers.length < count) answers.push(await answer());
    return answers;
  };
  await answer();
  const greeting = (await say(['EHLO test'], 1)).join('\n').split('\n');

  return {
    say,
    greeting,
    mail: async (to, ...content) => {
      await say(['MAIL FROM:<sales@example.com>', `RCPT TO:<${to}>`, 'DATA'], 3);
      const [last = ''] = await say([...content, '.'], 1);
      return last;
    },
    close: () => socket.destroy(),
  };
}
