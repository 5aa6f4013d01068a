export interface Envelope {
  readonly from: string;
  readonly to: string;
}

const UNSAFE = /[\0- <>\x7f]/;

/**
 * The commands of an envelope, each a line; null where an address holds what would end it or the command: white space,
 * control characters, angle brackets. An address beyond ASCII is announced where the server knows of such.
 */
export function envelopeCommands(
  { from, to }: Envelope,
  smtpUtf8: boolean,
): { readonly mail: string; readonly rcpt: string } | null {
  if (UNSAFE.test(from) || UNSAFE.test(to) || to === '') return null;
  const isAscii = /^[\x21-\x7e]*$/.test(from) && /^[\x21-\x7e]*$/.test(to);
  const parameters = smtpUtf8 && !isAscii ? ' SMTPUTF8' : '';
  return { mail: `MAIL FROM:<${from}>${parameters}\r\n`, rcpt: `RCPT TO:<${to}>\r\n` };
}
