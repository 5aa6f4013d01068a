import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';

/**
 * The bill of materials of the product as CycloneDX 1.6 in JSON. The same lock file gives the same text: there is no time
 * and no serial number in it.
 *
 * @param product `{ name, version, description }`
 * @param packages as `lockedPackages` returns them
 */
export function billOfMaterials(product, packages) {
  const components = new Map([...packages].map(([id, found]) => [id, component(id, found)]));
  for (const [id, { needs }] of packages) {
    for (const need of needs) components.get(id).dependencies.add(components.get(need).bomRef);
  }
  const root = new Models.Component(Enums.ComponentType.Application, product.name, {
    bomRef: product.name,
    version: product.version,
    description: product.description,
  });
  const needed = new Set([...packages.values()].flatMap(({ needs }) => needs));
  for (const [id, { bomRef }] of components) if (!needed.has(id)) root.dependencies.add(bomRef);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: root }),
    components: new Models.ComponentRepository(components.values()),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return serializer.serialize(bom, { sortLists: true, space: 2 });
}

function component(id, { name, version, integrity, optional }) {
  return new Models.Component(Enums.ComponentType.Library, name, {
    bomRef: id,
    version,
    scope: optional ? Enums.ComponentScope.Optional : Enums.ComponentScope.Required,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    hashes: new Models.HashDictionary(hashes(integrity)),
  });
}

/** Subresource integrity, `sha512-<base64>`, in the form that CycloneDX wants. */
function hashes(integrity) {
  const [algorithm, digest] = integrity.split('-');
  if (algorithm !== 'sha512') throw new Error(`The lock file has an integrity of ${algorithm}; expected sha512.`);
  return [[Enums.HashAlgorithm['SHA-512'], Buffer.from(digest, 'base64').toString('hex')]];
}
