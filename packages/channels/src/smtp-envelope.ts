export interface Envelope {
  readonly from: string;
  readonly to: string;
}

const UNSAFE = /[\0- <>\x7f]/;
const ASCII = /^[!-~]*$/;

/**
 * The commands of an envelope, each a line, one character a byte; null where an address holds what would end it or the
 * command: white space, control characters, angle brackets. An address beyond ASCII is announced where the server knows of
 * such (RFC 6531).
 */
export function envelopeCommands(
  { from, to }: Envelope,
  smtpUtf8: boolean,
): { readonly mail: string; readonly rcpt: string } | null {
  if (UNSAFE.test(from) || UNSAFE.test(to) || to === '') return null;
  if (ASCII.test(from) && ASCII.test(to)) return { mail: `MAIL FROM:<${from}>\r\n`, rcpt: `RCPT TO:<${to}>\r\n` };
  const mail = `MAIL FROM:<${from}>${smtpUtf8 ? ' SMTPUTF8' : ''}\r\n`;
  return { mail: asBytes(mail), rcpt: asBytes(`RCPT TO:<${to}>\r\n`) };
}

function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
