const MAX_DEPTH = 64;
const MAX_NAME_LENGTH = 200;
const KINDS = '#^/!>={&';

/** Thrown inside the compiler when a text does not parse; `compileText` turns it into a result. */
export class TextSyntaxError extends Error {
  override readonly name = 'TextSyntaxError';
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

interface Tag {
  readonly kind: string;
  readonly name: string;
  readonly at: number;
}

/**
 * Checks every tag and returns the text with its tags in their shortest form, comments emptied. Mustache's parser names no
 * place for most faults, and takes quadratic time over long runs of spaces in a tag; what this returns, it parses.
 * @throws TextSyntaxError at the tag that is refused.
 */
export function checkTags(source: string): string {
  const sections: Tag[] = [];
  let checked = '';
  let after = 0;
  for (let at = source.indexOf('{{'); at >= 0; at = source.indexOf('{{', after)) {
    const end = source.indexOf('}}', at + 2);
    if (end < 0) throw new TextSyntaxError('Found {{ without the }} that ends the tag', at);
    const tag = readTag(source.slice(at + 2, end), at);
    checkTag(tag, sections);
    checked += `${source.slice(after, at)}{{${tag.kind}${tag.name}}}`;
    after = end + 2;
  }
  const open = sections.at(-1);
  if (open) throw new TextSyntaxError(`Found ${show(open)} without its {{/${open.name}}}`, open.at);
  return checked + source.slice(after);
}

function readTag(inside: string, at: number): Tag {
  const content = inside.trim();
  const kind = content !== '' && KINDS.includes(content.charAt(0)) ? content.charAt(0) : '';
  const name = kind === '!' ? '' : content.slice(kind.length).trim();
  return { kind, name, at };
}

function checkTag(tag: Tag, sections: Tag[]): void {
  const { kind, name, at } = tag;
  if (kind === '!') return;
  if (kind === '>') throw new TextSyntaxError('Found a partial, {{> ...}}: texts cannot include other texts', at);
  if (kind === '=') throw new TextSyntaxError('Found a change of delimiters: {{ and }} stay as they are', at);
  checkName(name, at);
  if (kind === '{' || kind === '&') {
    const opener = kind === '{' ? '{{{' : '{{&';
    throw new TextSyntaxError(`Found ${opener}: texts are plain, {{${name}}} already inserts the value as it is`, at);
  }
  if (kind === '/') return closeSection(tag, sections);
  if (name === '.' && !sections.some((section) => section.kind === '#')) {
    throw new TextSyntaxError('Found {{.}} outside a section, expected it inside {{#...}}', at);
  }
  if (kind === '') return;
  sections.push(tag);
  if (sections.length > MAX_DEPTH) {
    throw new TextSyntaxError(
      `Found section ${MAX_DEPTH + 1} inside another, expected at most ${MAX_DEPTH} levels`,
      at,
    );
  }
}

function closeSection(tag: Tag, sections: Tag[]): void {
  const open = sections.pop();
  if (!open) throw new TextSyntaxError(`Found ${show(tag)} without a section that it closes`, tag.at);
  if (open.name !== tag.name) {
    throw new TextSyntaxError(`Found ${show(tag)}, expected {{/${open.name}}} first`, tag.at);
  }
}

function checkName(name: string, at: number): void {
  if (name === '') throw new TextSyntaxError('Found a tag without a name', at);
  if (name.length > MAX_NAME_LENGTH) {
    const found = `Found a name of ${name.length} characters`;
    throw new TextSyntaxError(`${found}, expected at most ${MAX_NAME_LENGTH} (is a }} missing?)`, at);
  }
  if (/[{}]/.test(name)) throw new TextSyntaxError('Found a brace inside a tag, expected a name', at);
  if (name !== '.' && name.split('.').some((step) => step.trim() === '')) {
    throw new TextSyntaxError(`Found {{${name}}}, expected a name before and after every dot`, at);
  }
}

function show({ kind, name }: Tag): string {
  return `{{${kind}${name}}}`;
}
