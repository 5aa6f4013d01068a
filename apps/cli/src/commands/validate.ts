import type { LocatedFault, ReadDocument } from '@campaign-manager/core/documents';
import type { CampaignTemplate } from '@campaign-manager/core/schemas';
import { type Command, Option } from 'commander';
import { checkDocument, KINDS, type Kind, recognise } from '../documents/check-document.js';
import { describeFault } from '../documents/describe-fault.js';
import { readDocument } from '../documents/read-document.js';
import { printJson, printLine, runAction } from '../run-action.js';

interface Options {
  readonly kind?: Kind;
  readonly json?: boolean;
}

interface FileReport {
  readonly file: string;
  readonly kind: Kind | null;
  /** Its errors keep further rules from being looked at: more may show when they are mended. */
  readonly partial: boolean;
  readonly errors: readonly LocatedFault[];
  readonly warnings: readonly LocatedFault[];
}

export function addValidate(program: Command): void {
  program
    .command('validate')
    .description('check templates, campaigns, scenarios and response models, in JSON or YAML')
    .argument('<files...>', 'what they are is told by their fields')
    .addOption(new Option('--kind <kind>', 'what all of the files are').choices(KINDS))
    .option('--json', 'print what is found as one JSON object')
    .addHelpText(
      'after',
      `
Faults are told with their file, line, column and path: first all of the fields, and when these are right, all of texts,
conditions, times and names of stages; a note says where something is left to check. Warnings are about what is allowed
and hardly meant, such as stages that nobody reaches or an end_date that has passed. A campaign is checked beside its
template where both are among the files.
Exits with 1 where there is an error, with 0 where there are warnings at most.

Examples:
  $ campaign validate examples/templates/*.json examples/campaigns/*.json
  $ campaign validate --json --kind template my-template.yaml`,
    )
    .action((files: string[], options: Options) => runAction(() => validate(files, options)));
}

async function validate(files: readonly string[], { kind, json }: Options): Promise<boolean> {
  const read: (readonly [string, ReadDocument])[] = [];
  for (const file of files) read.push([file, await readDocument(file)]);
  const now = Date.now();
  const templates = templatesOf(
    read.map(([, document]) => document),
    now,
  );
  const reports = read.map(([file, document]) => report(file, document, now, kind, templates));
  const errors = reports.reduce((sum, found) => sum + found.errors.length, 0);
  const warnings = reports.reduce((sum, found) => sum + found.warnings.length, 0);
  if (json) printJson({ files: reports, errors, warnings });
  else print(reports, errors, warnings);
  return errors === 0;
}

/** What can serve as a template for the other files, by its id. */
function templatesOf(documents: readonly ReadDocument[], now: number): ReadonlyMap<string, CampaignTemplate> {
  const templates = new Map<string, CampaignTemplate>();
  for (const document of documents) {
    if (!document.ok || recognise(document.value) !== 'template') continue;
    if (checkDocument('template', document.value, now).errors.length > 0) continue;
    const template = document.value as CampaignTemplate;
    templates.set(template._id, template);
  }
  return templates;
}

function report(
  file: string,
  document: ReadDocument,
  now: number,
  given: Kind | undefined,
  templates: ReadonlyMap<string, CampaignTemplate>,
): FileReport {
  if (!document.ok) return { file, kind: given ?? null, partial: true, errors: document.faults, warnings: [] };
  const { value, locate } = document;
  const kind = given ?? recognise(value);
  if (kind === null) {
    const message = `This is none of ${KINDS.join(', ')} by its fields; \`--kind\` says what it should be.`;
    return { file, kind, partial: true, errors: [locate({ path: '$', message })], warnings: [] };
  }
  const { template_id: id } = (value ?? {}) as { readonly template_id?: unknown };
  const found = checkDocument(kind, value, now, typeof id === 'string' ? templates.get(id) : undefined);
  const { partial, errors, warnings } = found;
  return { file, kind, partial, errors: inOrder(errors.map(locate)), warnings: inOrder(warnings.map(locate)) };
}

function inOrder(faults: readonly LocatedFault[]): readonly LocatedFault[] {
  return [...faults].sort((a, b) => a.line - b.line || a.column - b.column);
}

const LEFT_TO_CHECK = 'further checks (texts, conditions, stage names) follow when these errors are mended.';

function print(reports: readonly FileReport[], errors: number, warnings: number): void {
  for (const { file, partial, errors: faults, warnings: doubts } of reports) {
    for (const fault of faults) printLine(`error    ${describeFault(file, fault)}`);
    for (const doubt of doubts) printLine(`warning  ${describeFault(file, doubt)}`);
    if (partial) printLine(`note     ${file}: ${LEFT_TO_CHECK}`);
  }
  const checked = reports.map(({ kind }) => kind ?? 'unknown').join(', ');
  printLine(`${count(reports.length, 'file')} (${checked}): ${count(errors, 'error')}, ${count(warnings, 'warning')}`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
