/**
 * Reads Markdown pages as data: headings, links, code, tables, and drawings as Mermaid's own parser understands them.
 * In: a JSON array of `{ path, text }` on stdin. Out: a JSON array of `Page` (see `pages.ts`).
 *
 * A process of its own, because these packages ship nothing but ES modules, and Mermaid wants a `window` when it loads.
 */
import { text } from 'node:stream/consumers';
import GithubSlugger from 'github-slugger';
import { parseHTML } from 'linkedom';
import { lexer, walkTokens } from 'marked';

globalThis.window = parseHTML('<!doctype html><html><body></body></html>').window;
const { default: mermaid } = await import('mermaid');

const pages = [];
for (const source of JSON.parse(await text(process.stdin))) pages.push(await readPage(source));
process.stdout.write(JSON.stringify(pages));

async function readPage({ path, text }) {
  const page = { path, text, anchors: [], links: [], spans: [], blocks: [], tables: [] };
  const slugger = new GithubSlugger();
  const tokens = [];
  walkTokens(lexer(text), (token) => tokens.push(token));
  for (const token of tokens) {
    if (token.type === 'heading') page.anchors.push(slugger.slug(plain(token.tokens)));
    if (token.type === 'link') page.links.push(token.href);
    if (token.type === 'codespan') page.spans.push(unescaped(token.text));
    if (token.type === 'code') page.blocks.push(await readBlock(token));
    if (token.type === 'table') page.tables.push(readTable(token));
  }
  return page;
}

/** The text of a heading without its marks, from which its anchor follows. */
function plain(tokens) {
  return tokens.map((token) => (token.tokens ? plain(token.tokens) : unescaped(token.text))).join('');
}

function unescaped(text) {
  const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity]);
}

function readTable({ header, rows }) {
  const cell = ({ text, tokens }) => ({
    text,
    spans: tokens.filter(({ type }) => type === 'codespan').map((token) => unescaped(token.text)),
  });
  return { head: header.map(({ text }) => text), rows: rows.map((row) => row.map(cell)) };
}

async function readBlock({ lang = '', text }) {
  if (lang !== 'mermaid') return { lang, text };
  try {
    await mermaid.parse(text);
    const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    return { lang, text, drawing: { type, ...contentsOf(type, db) } };
  } catch (error) {
    return { lang, text, fault: String(error?.message ?? error) };
  }
}

/** What the tests compare with the code; other kinds of drawings only have to be readable. */
function contentsOf(type, db) {
  switch (type) {
    case 'stateDiagram':
      return { states: [...db.getStates().keys()].filter((name) => !/^root_(?:start|end)$/.test(name)) };
    case 'classDiagram':
    case 'class':
      return {
        classes: [...db.getClasses().values()].map(({ id, annotations, members, methods }) => ({
          name: id,
          annotations,
          members: [...members, ...methods].map((member) => member.id.trim()),
        })),
        relations: db.getRelations().map(({ id1, id2, relation, title }) => ({
          from: id1,
          to: id2,
          label: title?.replace(/^:\s*/, '') ?? '',
          extends: relation.type1 === db.relationType.EXTENSION,
          dotted: relation.lineType === db.lineType.DOTTED_LINE,
        })),
      };
    case 'er':
      return {
        entities: [...db.getEntities().values()].map(({ label, attributes }) => ({
          name: label,
          attributes: attributes.map(({ name, type: kind }) => ({ name, kind })),
        })),
      };
    default:
      return {};
  }
}
