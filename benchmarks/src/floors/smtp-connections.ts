import { type BareSmtp, openBareSmtp } from './bare-smtp.js';
import { type Letter, letterText } from './letter.js';

/** Opens connections to a mail server; the answered function sends mails over whichever is free. */
export async function openSmtpConnections(
  port: number,
  count: number,
): Promise<(mails: readonly Letter[]) => Promise<void>> {
  const idle = await Promise.all(Array.from({ length: count }, () => openBareSmtp(port)));
  const waiting: ((connection: BareSmtp) => void)[] = [];
  const take = () => {
    const free = idle.pop();
    return free ? Promise.resolve(free) : new Promise<BareSmtp>((resolve) => waiting.push(resolve));
  };
  const giveBack = (connection: BareSmtp) => {
    const next = waiting.shift();
    if (next) next(connection);
    else idle.push(connection);
  };
  const send = async (letter: Letter) => {
    const connection = await take();
    await connection.send(letter.to, letterText(letter));
    giveBack(connection);
  };
  return async (mails) => {
    await Promise.all(mails.map(send));
  };
}
