const PAGE = 1000;
const AT_ONCE = 4;

/** What is prepared needs no journal: nothing is measured yet. */
const WRITE = { ordered: false, writeConcern: { w: 1, journal: false } } as const;

/** Numbers from `from`, so many. */
export interface Numbers {
  readonly from: number;
  readonly count: number;
}

/** The driver's own collection of a model. */
interface Target {
  readonly collection: { insertMany(documents: never[], options: typeof WRITE): Promise<unknown> };
}

/** Inserts the document of each number, a few pages at once, each made when its turn comes. */
export async function insertPages(
  { collection }: Target,
  { from, count }: Numbers,
  documentOf: (n: number) => { readonly _id: string },
): Promise<void> {
  const end = from + count;
  let next = from;
  const insertNext = async (): Promise<void> => {
    while (next < end) {
      const start = next;
      next = Math.min(start + PAGE, end);
      const page = Array.from({ length: next - start }, (_, i) => documentOf(start + i));
      await collection.insertMany(page as never[], WRITE);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, insertNext));
}
