import { type Definition, METRICS, PREFIX } from './catalogue.js';

const BEGIN = '<!-- The table is generated from the catalogue in packages/runtime/src/metrics: run `npm run docs`. -->';
const END = '<!-- The end of the table. -->';

/** Thrown where a page has lost the place of its table. */
export class NoPlaceError extends Error {
  override readonly name = 'NoPlaceError';
}

/** The page with its table as it should be. @throws NoPlaceError */
export function withTable(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new NoPlaceError(`The page must hold '${BEGIN}' and, behind it, '${END}'.`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${table()}\n${page.slice(end)}`;
}

function table(): string {
  const head = ['Metric', 'Kind', 'Labels', 'What it shows', 'Exported by'];
  const rows = (Object.values(METRICS) as readonly Definition[]).map((definition) => [
    `\`${PREFIX}${definition.name}\``,
    definition.kind,
    definition.labels.map((label) => `\`${label}\``).join(', '),
    `${definition.help}${noteOn(definition)}`,
    definition.apps.join(', '),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function noteOn(definition: Definition): string {
  if (definition.kind === 'histogram' && definition.sampled) return ' (sampled)';
  if (definition.kind === 'gauge' && definition.ofTheSystem) return ' (of the whole system)';
  return '';
}
