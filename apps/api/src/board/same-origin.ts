import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request that changes something may come from another site. A browser sends the password of the board with
 * every request to it, whoever's page made it; it also says whose page that was: in `Sec-Fetch-Site` (Fetch Metadata)
 * where the connection is secure, in `Origin` always (Fetch standard, "origin header"). A program that is no browser sends
 * neither. Pure.
 */
export function isCrossSite({ 'sec-fetch-site': site, origin, host }: IncomingHttpHeaders): boolean {
  if (site !== undefined) return site !== 'same-origin';
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
