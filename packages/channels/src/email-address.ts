const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * Whether `text` is exactly one plain `local@domain` (RFC 5322 addr-spec with a dot-atom, ASCII, the lengths of
 * RFC 5321). Lists, display names, quoted local parts and line breaks are not: each of them could make a mail library
 * write to somebody else.
 */
export function isPlainAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (at < 1 || text.length > 254 || local.length > 64) return false;
  return LOCAL_PART.test(local) && domain.split('.').every((label) => LABEL.test(label));
}
