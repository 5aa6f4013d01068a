import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..', '..');

export interface Cell {
  readonly text: string;
  /** What stands in backticks. */
  readonly spans: readonly string[];
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface DrawnClass {
  readonly name: string;
  readonly annotations: readonly string[];
  readonly members: readonly string[];
}

export interface DrawnRelation {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly extends: boolean;
  readonly dotted: boolean;
}

/** What Mermaid's own parser found in a drawing, by its kind. */
export interface Drawing {
  readonly type: string;
  readonly states?: readonly string[];
  readonly classes?: readonly DrawnClass[];
  readonly relations?: readonly DrawnRelation[];
  readonly entities?: readonly {
    readonly name: string;
    readonly attributes: readonly { readonly name: string; readonly kind: string }[];
  }[];
}

export interface Block {
  readonly lang: string;
  readonly text: string;
  readonly drawing?: Drawing;
  /** Why Mermaid does not understand it. */
  readonly fault?: string;
}

export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly anchors: readonly string[];
  readonly links: readonly string[];
  readonly spans: readonly string[];
  readonly blocks: readonly Block[];
  readonly tables: readonly Table[];
}

/** Every page that people read, with its path from the root. */
export function pagePaths(): string[] {
  return ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md', ...filesBelow('docs', '.md')];
}

/** Names of the folders in a folder. */
export function folders(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** Files in and below a folder, with their paths from the root. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => `${folder}/${file}`)
    .sort();
}

export function readPages(paths: readonly string[]): Page[] {
  return parsePages(paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') })));
}

/** Parses Markdown, and the drawings in it, by the libraries that readers' tools use. */
export function parsePages(sources: readonly { readonly path: string; readonly text: string }[]): Page[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'read-pages.mjs')], {
    input: JSON.stringify(sources),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`The pages cannot be read: ${stderr}`);
  return JSON.parse(stdout) as Page[];
}

export function mermaidOf({ blocks }: Page): readonly Block[] {
  return blocks.filter(({ lang }) => lang === 'mermaid');
}
