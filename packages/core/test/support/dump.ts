import type { Store } from '../../src/store/index.js';

/** Every document of every collection as JSON text, by the collection's name. */
export async function dump(store: Store): Promise<ReadonlyMap<string, readonly string[]>> {
  const collections = (await store.connection.db?.listCollections().toArray()) ?? [];
  const names = collections.map(({ name }) => name).filter((name) => !name.startsWith('system.'));
  const found = await Promise.all(
    names.map(async (name) => {
      const documents = await store.connection.collection(name).find({}).toArray();
      return [name, documents.map((document) => JSON.stringify(document))] as const;
    }),
  );
  return new Map(found);
}

/** The collections in which a text occurs, whatever its case, with the documents. */
export async function placesOf(store: Store, text: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const places = [...(await dump(store))].flatMap(([name, documents]) => {
    const hits = documents.filter((document) => document.toLowerCase().includes(text.toLowerCase()));
    return hits.length > 0 ? [[name, hits] as const] : [];
  });
  return Object.fromEntries(places);
}
