import { convert } from 'html-to-text';

/** What a person wrote stands at the beginning; what follows the quotation may be long. */
const MAX_CHARACTERS = 100_000;
const MAX_DEPTH = 60;
const MAX_CHILDREN = 2000;

/** Marks of what is quoted, by the programs that set them. */
const QUOTED = ['blockquote', 'div.gmail_quote', 'div.yahoo_quoted', 'div.moz-cite-prefix', 'div#appendonsend'];

/** An HTML body as plain text, without what is marked as quoted, without addresses of links and without pictures. */
export function htmlToText(html: string): string {
  return convert(html.slice(0, MAX_CHARACTERS), {
    wordwrap: false,
    limits: { maxDepth: MAX_DEPTH, maxChildNodes: MAX_CHILDREN, ellipsis: '' },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'hr', format: 'skip' },
      ...QUOTED.map((selector) => ({ selector, format: 'skip' })),
    ],
  });
}
