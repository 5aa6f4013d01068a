const MAX_CHARACTERS = 80;

/** A value as JSON of at most 80 characters. Its time does not depend on how deep or how long the value is. */
export function shorten(value: unknown): string {
  const text = print(value, MAX_CHARACTERS);
  if (text.length <= MAX_CHARACTERS) return text;
  return `${text.slice(0, MAX_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Stops once `room` is used up. Each level takes a character, so `room` bounds the recursion as well. */
function print(value: unknown, room: number): string {
  if (room <= 0) return '…';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, room + 1));
  if (Array.isArray(value)) return `${printMembers('[', value.keys(), room, (i, left) => print(value[i], left))}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).values();
  return `${printMembers('{', entries, room, ([name, member], left) => {
    const label = `${print(name, left)}:`;
    return label + print(member, left - label.length);
  })}}`;
}

function printMembers<T>(open: string, members: Iterable<T>, room: number, one: (member: T, left: number) => string) {
  let text = open;
  for (const member of members) {
    if (text.length > room) break;
    const comma = text === open ? '' : ',';
    text += comma + one(member, room - text.length - comma.length);
  }
  return text;
}
