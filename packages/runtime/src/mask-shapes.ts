import { MASK } from './credentials.js';

const TOKEN = /[^\s<>()[\]\\,;:"/]+/g;
const AT = /@|%40/i;
/** A host name ends in a label that begins with a letter: `pino@10.4.0` in a path is no address. */
const DOMAIN =
  /^(?:(?:[\p{L}\p{N}_-]+\.)*\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}]|\d{1,3}(?:\.\d{1,3}){3}(?![.\d]))(?![\p{L}\p{N}])/u;
const QUOTED_LOCAL_PART = /"[^"\n]{1,64}"@[^\s<>,;"]+/g;
const ADDRESS_LITERAL = /[^\s<>()[\]\\,;:"/]{1,64}@\[[^\]\s]{1,64}\]/g;
const PHONE = /(?:\+|%2B)(?:(?:[ ().\-/]|%20){0,2}\d){7,15}/gi;

/**
 * Masks whatever looks like an email address: `local@host`, quoted local parts, address literals, `%40` for the sign.
 * Linear in the length of the text: it looks at whole words, never at every start of one.
 */
export function maskEmails(text: string): string {
  if (!AT.test(text)) return text;
  return text
    .replace(QUOTED_LOCAL_PART, MASK)
    .replace(ADDRESS_LITERAL, MASK)
    .replace(TOKEN, (token) => (AT.test(token) ? maskToken(token) : token));
}

/** One sign after another, because one word may hold several addresses or a sign that belongs to none. */
function maskToken(token: string): string {
  const [first = '', ...rest] = token.split(/@|%40/i);
  const signs = token.match(/@|%40/gi) ?? [];
  let text = first;
  rest.forEach((part, index) => {
    const domain = text === '' ? undefined : DOMAIN.exec(part)?.[0];
    text = domain === undefined ? text + (signs[index] ?? '') + part : MASK + part.slice(domain.length);
  });
  return text;
}

/** Masks international phone numbers (E.164: a plus sign and 7 to 15 digits), with or without separators. */
export function maskPhones(text: string): string {
  return text.replace(PHONE, MASK);
}
