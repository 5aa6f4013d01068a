import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const ROOT = join(__dirname, '../..');

interface Component {
  readonly name: string;
  readonly version: string;
  readonly scope: 'required' | 'optional';
  readonly 'bom-ref': string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const text = execFileSync(process.execPath, ['docker/sbom/main.mjs'], { cwd: ROOT, encoding: 'utf8' });
const bom = JSON.parse(text) as { components: Component[]; dependencies: { ref: string; dependsOn?: string[] }[] };
const refs = new Set(bom.components.map((component) => component['bom-ref']));

/** What Node.js finds when it starts from the apps, by the manifests in node_modules; the lock file is not asked. */
function installedForApps(): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (folder: string): void => {
    const place = realpathSync(folder);
    if (seen.has(place)) return;
    seen.add(place);
    const {
      name,
      version,
      dependencies = {},
    } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as Manifest;
    if (!name.startsWith('@campaign-manager/')) found.add(`${name}@${version}`);
    for (const dependency of Object.keys(dependencies)) {
      const home = resolve(place, dependency);
      if (home !== undefined) visit(home);
    }
  };
  for (const app of readdirSync(join(ROOT, 'apps'))) visit(join(ROOT, 'apps', app));
  return found;
}

function resolve(from: string, dependency: string): string | undefined {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', dependency);
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}

describe('the bill of materials', () => {
  it('is valid CycloneDX', async () => {
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
  });

  it('has every package that the apps bring along, and requires no other', () => {
    const installed = installedForApps();
    expect(installed.size).toBeGreaterThan(50);
    expect([...installed].filter((id) => !refs.has(id))).toEqual([]);
    const required = bom.components.filter(({ scope }) => scope === 'required');
    expect(required.map((component) => component['bom-ref']).filter((id) => !installed.has(id))).toEqual([]);
  });

  it.each(['jest', 'turbo', 'typescript', 'testcontainers', 'mongodb-memory-server-core'])(
    'has nothing that is for development only: %s',
    (name) => {
      expect(bom.components.map((component) => component.name)).not.toContain(name);
    },
  );

  it('names what needs what, among its own components', () => {
    const needs = bom.dependencies.flatMap(({ dependsOn = [] }) => dependsOn);
    expect(needs.filter((ref) => !refs.has(ref))).toEqual([]);
    expect(bom.dependencies.find(({ ref }) => ref.startsWith('bullmq@'))?.dependsOn).toContainEqual(
      expect.stringMatching(/^ioredis@/),
    );
  });

  it('is the same for the same lock file', () => {
    expect(execFileSync(process.execPath, ['docker/sbom/main.mjs'], { cwd: ROOT, encoding: 'utf8' })).toBe(text);
  });
});
