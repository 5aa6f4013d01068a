import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = new URL('./index.ts', import.meta.url);

/** What an import costs at run time: imports and exports of types alone leave nothing behind. */
const FROM = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const NODE_GLOBALS = /\b(?:process|Buffer|global|__dirname|__filename|setImmediate)\b\s*[.([]|\brequire\(|import\.meta/;

/** Every source file that the simulator brings along, and every package. */
function reach(): { readonly files: ReadonlyMap<string, string>; readonly packages: ReadonlySet<string> } {
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const visit = (url: URL) => {
    const path = fileURLToPath(url);
    if (files.has(path)) return;
    const source = readFileSync(path, 'utf8');
    files.set(path, source);
    for (const [, specifier = ''] of source.matchAll(FROM)) {
      if (specifier.startsWith('.')) visit(new URL(specifier.replace(/\.js$/, '.ts'), url));
      else packages.add(specifier);
    }
  };
  visit(entry);
  return { files, packages };
}

describe('the simulator in a browser', () => {
  const { files, packages } = reach();

  it('brings along the engine and one library, no module of Node and no validator', () => {
    const names = [...files.keys()].map((path) => path.replace(/^.*\/src\//, ''));
    expect(names).toEqual(
      expect.arrayContaining(['engine/decide.ts', 'schemas/dotted.ts', 'simulator/render-html.ts']),
    );
    expect([...packages]).toEqual(['mustache']);
    expect(names).not.toContain('schemas/validator.ts');
  });

  it('uses no global that only Node has', () => {
    for (const [path, source] of files) {
      const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect([path, NODE_GLOBALS.exec(code)?.[0]]).toEqual([path, undefined]);
    }
  });

  it('is what the package exports under ./simulator', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    const source = new URL(`../../${manifest.exports['./simulator'].source}`, import.meta.url);
    expect(source.href).toBe(entry.href);
    expect(existsSync(source)).toBe(true);
  });
});
