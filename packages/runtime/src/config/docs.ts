import { allowedValues } from './allowed.js';
import { GROUPS } from './catalog.js';
import type { Variable, Variables } from './variable.js';

const HEAD = `# Configuration

Every app reads its configuration from environment variables when it starts. An empty value counts as not set. A value
that is not allowed stops the process with exit code 78 and one line that names the variable, the value and what is
allowed; so does a port where another process listens. A variable that looks like one of these but is none is named in a warning.

This file is generated from the catalog in \`packages/runtime/src/config\`: run \`npm run docs\` after a change there.
`;

/** The text of \`docs/configuration.md\`. */
export function renderDocs(): string {
  const sections = GROUPS.map(({ title, variables }) => `\n## ${title}\n\n${table(variables)}`);
  return HEAD + sections.join('');
}

function table(variables: Variables): string {
  const rows = Object.values(variables).map((variable) => [
    `\`${variable.name}\``,
    defaultText(variable),
    ('unit' in variable && variable.unit) || '',
    allowedValues(variable),
    variable.description + (variable.secret ? ' Secret: never printed.' : ''),
    variable.roles.join(', '),
  ]);
  const head = ['Variable', 'Default', 'Unit', 'Allowed', 'What it does', 'Read by'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |\n`).join('');
}

function defaultText(variable: Variable): string {
  if (variable.defaultText !== undefined) return variable.defaultText;
  if (variable.default === undefined) return '(not set)';
  return `\`${Array.isArray(variable.default) ? variable.default.join(',') : variable.default}\``;
}

/** Pipes would end the cell, and angle brackets outside of code would be taken for HTML. */
function cell(text: string): string {
  const parts = text.split(/(`[^`]*`)/);
  return parts
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;').replaceAll('*', '\\*')))
    .join('')
    .replaceAll('|', '\\|');
}
