/** A schema as OpenAPI shows it: within the document, so without an address of its own. */
export function documented<S extends object>(schema: S): Omit<S, '$id'> {
  const { $id: _id, ...rest } = schema as S & { readonly $id?: unknown };
  return rest;
}
