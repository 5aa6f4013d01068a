/**
 * What the apps need at run time, from the lock file alone: every package that their dependencies lead to, and what each
 * of those needs in turn. Development dependencies are left out; optional ones, which exist for other platforms too, say
 * that they are.
 *
 * @param lock the parsed `pnpm-lock.yaml`
 * @returns packages by `name@version`, each `{ name, version, integrity, optional, needs: string[] }`
 */
export function lockedPackages(lock) {
  const found = new Map();
  const waiting = Object.keys(lock.importers)
    .filter((folder) => folder.startsWith('apps/'))
    .flatMap((folder) => importerNeeds(lock, folder, new Set()));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { key, optional } = next;
    const id = withoutPeers(key);
    const known = found.get(key);
    if (known && (known.optional === optional || optional)) continue;
    const needs = snapshotNeeds(lock, key).map((need) => ({ ...need, optional: need.optional || optional }));
    found.set(key, { ...split(id), integrity: lock.packages[id].resolution.integrity, optional, needs });
    waiting.push(...needs);
  }
  return byId(found);
}

/** The packages that a folder of the workspace needs, and those that the folders do that it needs. */
function importerNeeds(lock, folder, seen) {
  if (seen.has(folder)) return [];
  seen.add(folder);
  return directNeeds(lock.importers[folder]).flatMap(({ name, version, optional }) =>
    version.startsWith('link:')
      ? importerNeeds(lock, new URL(version.slice('link:'.length), `file:///${folder}/`).pathname.slice(1), seen)
      : [{ key: keyOf(name, version), optional }],
  );
}

function directNeeds({ dependencies = {}, optionalDependencies = {} }) {
  const list = (members, optional) =>
    Object.entries(members).map(([name, { version }]) => ({ name, version, optional }));
  return [...list(dependencies, false), ...list(optionalDependencies, true)];
}

function snapshotNeeds(lock, key) {
  const { dependencies = {}, optionalDependencies = {} } = lock.snapshots[key];
  const list = (members, optional) =>
    Object.entries(members).map(([name, version]) => ({ key: keyOf(name, version), optional }));
  return [...list(dependencies, false), ...list(optionalDependencies, true)];
}

/** An alias names the package that it stands for as its version: `other@1.0.0`. */
function keyOf(name, version) {
  return /^@?[^@(]+@/.test(version) ? version : `${name}@${version}`;
}

function withoutPeers(key) {
  return key.replace(/\(.*$/, '');
}

function split(id) {
  const at = id.lastIndexOf('@');
  return { name: id.slice(0, at), version: id.slice(at + 1) };
}

/** One package can stand in the lock file several times, with other peers each time; it is one component. */
function byId(found) {
  const merged = new Map();
  for (const [key, { needs, optional, ...rest }] of found) {
    const id = withoutPeers(key);
    const other = merged.get(id);
    const ids = [...(other?.needs ?? []), ...needs.map((need) => withoutPeers(need.key))];
    merged.set(id, { ...rest, optional: optional && (other?.optional ?? true), needs: [...new Set(ids)].sort() });
  }
  return new Map([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
}
