/**
 * A mail as it follows DATA (RFC 5321, section 4.5.2): every line ends with CRLF, whichever way it ended before; a dot at
 * its beginning is doubled, so that no line of the mail is the one that ends it; and that one stands at the end.
 */
export function dotStuffed(mail: string): string {
  const lines = mail.replace(/\r\n?|\n/g, '\r\n');
  const stuffed = lines.includes('\n.') ? lines.replaceAll('\n.', '\n..') : lines;
  return `${stuffed.startsWith('.') ? '.' : ''}${stuffed}${stuffed.endsWith('\n') ? '' : '\r\n'}.\r\n`;
}
