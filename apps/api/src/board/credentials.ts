/** The API key that a request to the board carries: as a bearer token, in a header, or as a browser's password. Pure. */
export function boardKeyOf(headers: {
  readonly authorization?: string | undefined;
  readonly 'x-api-key'?: string | string[] | undefined;
}): string | null {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(/ +/, 2);
  if (/^bearer$/i.test(scheme) && value !== '') return value;
  if (/^basic$/i.test(scheme)) return passwordOf(value);
  const own = headers['x-api-key'];
  return typeof own === 'string' && own !== '' ? own : null;
}

/** RFC 7617, section 2: everything behind the first colon. Whatever name stands before it is nobody's. */
function passwordOf(base64: string): string | null {
  const decoded = Buffer.from(base64, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon === -1 || colon === decoded.length - 1 ? null : decoded.slice(colon + 1);
}
