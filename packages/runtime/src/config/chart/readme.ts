import type { Node, Nodes } from './node.js';
import { allValues } from './values-schema.js';

const HEAD = `# Helm chart of Campaign Manager

How to install, upgrade and remove it: [docs/kubernetes.md](../../docs/kubernetes.md). What each variable under \`config\`
does and accepts: [docs/configuration.md](../../docs/configuration.md). Values are checked by \`values.schema.json\`; a key
that is not listed here is an error.

This file is generated from \`packages/runtime/src/config/chart\`: run \`npm run docs\` after a change there.

| Value | Default | What it does |
| --- | --- | --- |
`;

/** The text of `helm/campaign-manager/README.md`. */
export function renderChartReadme(): string {
  return HEAD + rows(allValues(), '').join('');
}

function rows(nodes: Nodes, prefix: string): string[] {
  return Object.entries(nodes).flatMap(([name, node]) => {
    const path = `${prefix}${name}`;
    if (node.properties) return [row(path, '', node), ...rows(node.properties, `${path}.`)];
    return 'default' in node ? [row(path, `\`${JSON.stringify(node.default)}\``, node)] : [];
  });
}

function row(path: string, preset: string, { description }: Node): string {
  return `| \`${path}\` | ${preset} | ${description.replaceAll('|', '\\|').replaceAll('*', '\\*')} |\n`;
}
