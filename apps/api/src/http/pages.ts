/** Query members of every list: it goes on behind `after`, the `next` of the page before. */
export const pageProperties = {
  after: { type: 'string', maxLength: 1000, description: 'The `next` of the page before; absent for the first.' },
  limit: { type: 'integer', minimum: 1, maximum: 1000, description: 'Items of a page at most. Default 100.' },
} as const;

export const pageSchema = { type: 'object', properties: pageProperties, additionalProperties: false } as const;

export interface PageQuery {
  readonly after?: string;
  readonly limit?: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass it as `after` to go on; null on the last page. */
  readonly next: string | null;
}

const DEFAULT_LIMIT = 100;

/** Reads one page more than asked for by one document, so that the last page says that it is the last. */
export async function readPage<D extends { readonly _id: string }, T>(
  { after = '', limit = DEFAULT_LIMIT }: PageQuery,
  read: (after: string, limit: number) => Promise<readonly D[]>,
  present: (document: D) => T,
  cursorOf: (document: D) => string = ({ _id }) => _id,
): Promise<Page<T>> {
  const found = await read(after, limit + 1);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(present), next: found.length > limit && last ? cursorOf(last) : null };
}
