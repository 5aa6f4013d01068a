import { posix } from 'node:path';
import type { Page } from './pages.js';

/** Links into the repository that lead nowhere. `exists` is asked for paths from the root. */
export function linkFaults(page: Page, pages: readonly Page[], exists: (path: string) => boolean): string[] {
  const anchors = new Map(pages.map(({ path, anchors }) => [path, anchors]));
  return page.links
    .filter((href) => !/^[a-z]+:/i.test(href))
    .flatMap((href) => {
      const [file = '', anchor] = href.split('#');
      const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file);
      if (!exists(path)) return [`${page.path}: the link ${href} leads to no file`];
      const known = anchors.get(path);
      if (anchor === undefined || known === undefined || known.includes(anchor)) return [];
      return [`${page.path}: ${path} has no heading for #${anchor}`];
    });
}
