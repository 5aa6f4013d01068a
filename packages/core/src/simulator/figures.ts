/** `1,234,567`, the same wherever it runs. */
export function whole(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A part of a whole as `12.3 %`; a dash where the whole is nothing. */
export function percent(part: number, all: number): string {
  return all === 0 ? '–' : `${((part / all) * 100).toFixed(1)} %`;
}

/** `36 h`, `7.5 d`: hours up to two days, days beyond. A dash for none. */
export function duration(hours: number | null): string {
  if (hours === null) return '–';
  return hours < 48 ? `${oneDecimal(hours)} h` : `${oneDecimal(hours / 24)} d`;
}

function oneDecimal(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
