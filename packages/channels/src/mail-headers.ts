import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';

/** The library's encoder, for values that need one: encoded words, addresses beyond ASCII, quoted names. */
const encoder = new MimeNode('text/plain');

/** What the library leaves as it is: printable ASCII without quotes and what looks like an encoded word. */
const PLAIN = /^[ !#-~]*$/;
const PLAIN_NAME = /^[\w ]*$/;
/** No domain that could be written in another way: upper case, encoded labels, numbers that read as an IP address. */
const PLAIN_ADDRESS = /^[\w+.-]+@(?:[a-z\d]+\.)*[a-z][a-z\d]*$/;
const LINE_LENGTH = 76;

/** One header, folded, with its line end; nothing where its value is empty. */
export function textHeader(name: string, value: string): string {
  return line(name, PLAIN.test(value) && !value.includes('=?') ? value : encoder.encodeHeaderValue(name, value));
}

/** A header of one address. */
export function addressHeader(name: string, display: string, address: string): string {
  if (!PLAIN_NAME.test(display) || !PLAIN_ADDRESS.test(address)) {
    return line(name, encoder.encodeHeaderValue(name, { name: display, address }));
  }
  return line(name, display === '' ? address : `${display} <${address}>`);
}

let dateSeconds = Number.NaN;
let dateText = '';

/** The date of a mail (RFC 5322, section 3.3) has seconds, so that many mails share one. */
export function dateHeader(date: Date): string {
  const seconds = Math.floor(date.getTime() / 1000);
  if (seconds !== dateSeconds) {
    dateSeconds = seconds;
    dateText = `Date: ${date.toUTCString().replace('GMT', '+0000')}\r\n`;
  }
  return dateText;
}

function line(name: string, value: string): string {
  if (value.trim() === '') return '';
  const text = `${name}: ${value}`;
  return `${text.length < LINE_LENGTH ? text : foldLines(text, LINE_LENGTH)}\r\n`;
}
