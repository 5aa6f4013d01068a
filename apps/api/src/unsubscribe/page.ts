import { createHash } from 'node:crypto';

/** What a page says, and whether it has the button. */
interface Content {
  readonly title: string;
  readonly text: string;
  readonly button?: string;
}

const PAGES = {
  ask: {
    title: 'Unsubscribe',
    text: 'Do you want to receive no further messages from this sender at this address?',
    button: 'Unsubscribe',
  },
  done: {
    title: 'You are unsubscribed',
    text: 'You will receive no further messages from this sender at this address.',
  },
  unclear: {
    title: 'Unsubscribe',
    text: 'Your request could not be read. Press the button to receive no further messages from this sender.',
    button: 'Unsubscribe',
  },
  unknown: { title: 'Not found', text: 'There is nothing at this address. The link may be incomplete.' },
  trouble: {
    title: 'Please try again',
    text: 'Your request could not be carried out just now. Try again in a minute.',
  },
} as const satisfies Readonly<Record<string, Content>>;

export type PageName = keyof typeof PAGES;

const STYLE = `
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 15vh auto 0; padding: 0 1.5rem; }
button { font: inherit; padding: 0.6em 1.2em; border: 2px solid currentColor; border-radius: 0.4em; cursor: pointer; }
button:focus-visible { outline: 3px solid Highlight; outline-offset: 3px; }
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** Nothing is loaded from anywhere, no script runs, nobody may frame it, and no address of ours is passed on. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
} as const;

/** The page as HTML: works without scripts, and posts to its own address what RFC 8058 has a mail program post. */
export function unsubscribePage(name: PageName): string {
  const { title, text, button }: Content = PAGES[name];
  const form =
    button === undefined
      ? ''
      : `
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">${button}</button>
</form>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>${form}
</main>
</body>
</html>
`;
}
