import { stringify } from 'yaml';
import type { Node, Nodes } from './node.js';
import { allValues } from './values-schema.js';

const WIDTH = 120;

const HEAD = `# The values of the chart campaign-manager. This file is generated, as are values.schema.json and README.md, from
# packages/runtime/src/config/chart: run \`npm run docs\` after a change there.
`;

/** The text of \`helm/campaign-manager/values.yaml\`: defaults, each with its description above it. */
export function renderValuesYaml(): string {
  const parts = Object.entries(allValues()).map(([name, node]) => `\n${lines(name, node, '')}`);
  return HEAD + parts.join('');
}

function lines(name: string, node: Node, indent: string): string {
  const comment = wrap(node.description, WIDTH - indent.length - 2).map((line) => `${indent}# ${line}\n`);
  return `${comment.join('')}${indent}${value(name, node, indent)}`;
}

function value(name: string, node: Node, indent: string): string {
  if (node.properties) return `${name}:\n${within(node.properties, `${indent}  `)}`;
  const text = stringify({ [name]: node.default }, { lineWidth: 0, defaultStringType: 'PLAIN' });
  return text.replaceAll(/\n(?=.)/g, `\n${indent}`);
}

function within(properties: Nodes, indent: string): string {
  return Object.entries(properties)
    .filter(([, node]) => node.properties !== undefined || 'default' in node)
    .map(([name, node]) => lines(name, node, indent))
    .join('');
}

function wrap(text: string, width: number): string[] {
  const result: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      result.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...result, line];
}
