import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that has said EHLO: commands go out as they come, answers are counted. */
export interface BareSmtp {
  /** One transaction; the envelope goes out in one piece (RFC 2920, pipelining). Resolves with the final 250. */
  send(to: string, body: string): Promise<void>;
  close(): void;
}

export async function openBareSmtp(port: number): Promise<BareSmtp> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  const answers = readAnswers(socket);
  await once(socket, 'connect');
  await answers(1);
  socket.write('EHLO localhost\r\n');
  await answers(1);
  return {
    send: async (to, body) => {
      socket.write(`MAIL FROM:<bench@example.test>\r\nRCPT TO:<${to}>\r\nDATA\r\n`);
      await answers(3);
      socket.write(`${body}\r\n.\r\n`);
      await answers(1);
    },
    close: () => socket.destroy(),
  };
}

/** Answers a function that waits for so many complete replies (the last line of each has a space after its code). */
function readAnswers(socket: Socket): (count: number) => Promise<void> {
  let rest = '';
  let complete = 0;
  let wanted = 0;
  let wake: () => void = () => undefined;
  socket.setEncoding('latin1').on('data', (text: string) => {
    const lines = (rest + text).split('\r\n');
    rest = lines.pop() ?? '';
    complete += lines.filter((line) => line[3] === ' ').length;
    if (complete >= wanted) wake();
  });
  return (count) =>
    new Promise((resolve) => {
      wanted = count;
      wake = () => {
        complete -= count;
        wake = () => undefined;
        wanted = Number.POSITIVE_INFINITY;
        resolve();
      };
      if (complete >= count) wake();
    });
}
