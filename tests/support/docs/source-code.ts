import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModuleItem, parseSync } from '@swc/core';
import { filesBelow, ROOT } from './pages.js';

/** An exported class or interface, as its source has it. */
export interface CodeType {
  readonly kind: 'class' | 'interface';
  /** Names that stand in its `extends` clause. */
  readonly parents: ReadonlySet<string>;
  /** Each member, with the names of all types that its declaration mentions. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface SourceCode {
  /** By name; several files may export the same. */
  readonly types: ReadonlyMap<string, readonly CodeType[]>;
  /** Exported functions, with the files that export them. */
  readonly functions: ReadonlyMap<string, readonly string[]>;
  /** Unions of texts, such as `ConversationResult`. */
  readonly unions: ReadonlyMap<string, readonly string[]>;
  /** Every identifier and text that occurs. */
  readonly words: ReadonlySet<string>;
  /** The jobs of each queue, as the catalogue's interface `Jobs` has them. */
  readonly jobs: ReadonlyMap<string, readonly string[]>;
}

type Node = { readonly [key: string]: unknown };

/** Reads all sources of apps and packages, by their syntax only. */
export function readSourceCode(): SourceCode {
  const types = new Map<string, CodeType[]>();
  const functions = new Map<string, string[]>();
  const unions = new Map<string, string[]>();
  const words = new Set<string>();
  const jobs = new Map<string, string[]>();
  for (const file of sourceFiles()) {
    const { body } = parseSync(readFileSync(join(ROOT, file), 'utf8'), { syntax: 'typescript' });
    visit(body, (node) => {
      if (typeof node['value'] === 'string') words.add(node['value']);
    });
    for (const declaration of exported(body)) {
      const name = nameOf(declaration['id'] ?? declaration['identifier']);
      switch (declaration['type']) {
        case 'FunctionDeclaration':
          functions.set(name, [...(functions.get(name) ?? []), file]);
          break;
        case 'TsInterfaceDeclaration':
        case 'ClassDeclaration':
          types.set(name, [...(types.get(name) ?? []), typeOf(declaration)]);
          if (name === 'Jobs') for (const [queue, names] of nestedMembers(declaration)) jobs.set(queue, names);
          break;
        case 'TsTypeAliasDeclaration':
          unions.set(name, textsOf(declaration['typeAnnotation']));
          break;
      }
    }
  }
  return { types, functions, unions, words, jobs };
}

function sourceFiles(): string[] {
  const rooms = ['apps', 'packages'].flatMap((place) =>
    readdirSync(join(ROOT, place)).map((name) => `${place}/${name}/src`),
  );
  return rooms
    .filter((room) => existsSync(join(ROOT, room)))
    .flatMap((room) => filesBelow(room, '.ts'))
    .filter((file) => !/\.test\.ts$|\/fixtures\//.test(file));
}

function exported(body: readonly ModuleItem[]): Node[] {
  return body.flatMap((item) => (item.type === 'ExportDeclaration' ? [item.declaration as unknown as Node] : []));
}

function typeOf(declaration: Node): CodeType {
  const isClass = declaration['type'] === 'ClassDeclaration';
  const parents = isClass ? [declaration['superClass']] : declaration['extends'];
  return {
    kind: isClass ? 'class' : 'interface',
    parents: namesIn(parents),
    members: new Map(membersOf(declaration).map((member) => [memberName(member), namesIn(member)])),
  };
}

function membersOf({ body }: Node): Node[] {
  const members = Array.isArray(body) ? body : (body as Node)['body'];
  return (members as Node[]).filter(({ key }) => key !== undefined);
}

function nestedMembers(declaration: Node): [string, string[]][] {
  return membersOf(declaration).map((member) => {
    const literal = (member['typeAnnotation'] as Node)['typeAnnotation'] as Node;
    return [memberName(member), (literal['members'] as Node[]).map(memberName)];
  });
}

function memberName({ key }: Node): string {
  return nameOf(key);
}

function nameOf(node: unknown): string {
  return String((node as Node | undefined)?.['value'] ?? '');
}

function namesIn(node: unknown): Set<string> {
  const names = new Set<string>();
  visit(node, ({ type, value }) => {
    if (type === 'Identifier') names.add(String(value));
  });
  return names;
}

function textsOf(node: unknown): string[] {
  const texts: string[] = [];
  visit(node, ({ type, value }) => {
    if (type === 'StringLiteral') texts.push(String(value));
  });
  return texts;
}

function visit(node: unknown, look: (node: Node) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) look(node as Node);
  for (const child of Object.values(node)) visit(child, look);
}
