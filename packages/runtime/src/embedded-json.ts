const MAX_ATTEMPTS = 64;

/** An object or a list that stands as JSON within a text. `end` is exclusive. */
export interface EmbeddedJson {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
}

/** Finds JSON objects and lists in a text, outermost first. Gives up after 64 brackets that begin none. */
export function embeddedJson(text: string): EmbeddedJson[] {
  const found: EmbeddedJson[] = [];
  let at = 0;
  for (let attempts = 0; attempts < MAX_ATTEMPTS; ) {
    const start = nextBracket(text, at);
    if (start < 0) break;
    const end = closingBracket(text, start);
    const value = end < 0 ? undefined : parse(text.slice(start, end));
    if (value === undefined) {
      attempts += 1;
      at = start + 1;
    } else {
      found.push({ start, end, value });
      at = end;
    }
  }
  return found;
}

function nextBracket(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{' || text[at] === '[') return at;
  }
  return -1;
}

/** The index behind the bracket that closes the one at `start`, or -1. Brackets in strings do not count. */
function closingBracket(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const letter = text[at];
    if (inString) {
      if (letter === '\\') at += 1;
      else if (letter === '"') inString = false;
    } else if (letter === '"') inString = true;
    else if (letter === '{' || letter === '[') depth += 1;
    else if (letter === '}' || letter === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
