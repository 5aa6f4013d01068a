import { writeFile } from 'node:fs/promises';
import { sourceChecks } from '@campaign-manager/core/lint';
import { type Checked, checkResponseModel, checkScenario, checkTemplate } from '@campaign-manager/core/schemas';
import {
  renderReportHtml,
  renderReportText,
  simulateScenario,
  simulateStatistics,
} from '@campaign-manager/core/simulator';
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import { describeFault } from '../documents/describe-fault.js';
import { readDocument } from '../documents/read-document.js';
import { printJson, printLine, runAction } from '../run-action.js';
import { renderTimeline } from '../timeline/render-timeline.js';
import { wholeNumber } from '../whole-number.js';

interface Options {
  readonly scenario?: string;
  readonly template?: string;
  readonly responses?: string;
  readonly recipients: number;
  readonly seed: number;
  readonly html?: string;
  readonly json?: boolean;
}

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('foresee a campaign on a virtual clock, by the rules that run live; needs no services')
    .option('--scenario <file>', 'a scenario: template, campaign, recipients and what they answer when')
    .option('--template <file>', 'a template, for figures over many recipients')
    .option('--responses <file>', 'how those recipients answer: a response model')
    .option('--recipients <number>', 'how many recipients', wholeNumber(1, 10_000_000), 1000)
    .option('--seed <number>', 'the same seed gives the same figures', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--json', 'print JSON: the events of a scenario in order of time, or the figures')
    .option('--html <file>', 'write the figures with charts as one HTML page')
    .addHelpText(
      'after',
      `
With --scenario it tells event by event what happens to each recipient. With --template and --responses it adds up what
happens to many: the funnel, messages per day, follow-ups, time to completion, escalations, stages that nobody enters.

Examples:
  $ campaign simulate --scenario examples/scenarios/sales.json
  $ campaign simulate --template examples/templates/sales-outreach.json \\
      --responses examples/response-models/sales.json --recipients 10000 --seed 7 --html report.html`,
    )
    .action((options: Options) => runAction(() => simulate(options)));
}

async function simulate(options: Options): Promise<boolean> {
  const { scenario, template, responses } = options;
  if (scenario !== undefined) {
    const other = (['template', 'responses', 'html'] as const).find((name) => options[name] !== undefined);
    if (other) throw new CliError(`--scenario does not go with --${other}.`, { hint: 'see campaign simulate --help' });
    await script(scenario, options);
  } else if (template !== undefined && responses !== undefined) {
    await statistics(template, responses, options);
  } else {
    throw new CliError('Either --scenario is needed, or --template and --responses.', {
      hint: 'see campaign simulate --help',
    });
  }
  return true;
}

async function script(file: string, { json }: Options): Promise<void> {
  const scenario = await checkedFile(file, (document) => checkScenario(document, sourceChecks));
  const events = simulateScenario(scenario);
  if (json) printJson(events);
  else for (const line of renderTimeline(events)) printLine(line);
}

async function statistics(templateFile: string, modelFile: string, options: Options): Promise<void> {
  const { recipients, seed, json, html } = options;
  const template = await checkedFile(templateFile, (document) => checkTemplate(document, sourceChecks));
  const responses = await checkedFile(modelFile, (document) => checkResponseModel(document, template));
  const begun = performance.now();
  const report = simulateStatistics({ template, recipients, responses, seed });
  const seconds = (performance.now() - begun) / 1000;
  if (html !== undefined) await writePage(html, renderReportHtml(report));
  if (json) printJson(report);
  else process.stdout.write(renderReportText(report));
  // Not beside the figures, which are the same whenever they are asked for.
  const rate = Math.round(recipients / seconds);
  process.stderr.write(
    `Simulated ${recipients} conversations in ${seconds.toFixed(2)} s: ${rate} conversations per second\n`,
  );
}

async function writePage(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page);
  } catch (error) {
    throw new CliError(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}.`);
  }
}

/** @throws CliError with one line for each fault. */
async function checkedFile<T>(file: string, check: (document: unknown) => Checked<T>): Promise<T> {
  const read = await readDocument(file);
  const checked = read.ok ? check(read.value) : null;
  if (checked?.ok) return checked.value;
  const faults = read.ok ? (checked?.faults ?? []).map(read.locate) : read.faults;
  throw new CliError(`${file} is not valid; nothing was simulated.`, {
    lines: faults.map((fault) => describeFault(file, fault)),
  });
}
