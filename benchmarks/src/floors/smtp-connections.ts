import { type BareSmtp, openBareSmtp } from './bare-smtp.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

/** Opens connections to a mail server; the answered function sends mails over whichever is free. */
export async function openSmtpConnections(
  port: number,
  count: number,
): Promise<(mails: readonly Mail[]) => Promise<void>> {
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
  const send = async ({ to, subject, body }: Mail) => {
    const connection = await take();
    await connection.send(to, `From: <bench@example.test>\r\nTo: <${to}>\r\nSubject: ${subject}\r\n\r\n${body}`);
    giveBack(connection);
  };
  return async (mails) => {
    await Promise.all(mails.map(send));
  };
}
