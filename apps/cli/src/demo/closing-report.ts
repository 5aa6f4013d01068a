import type { Screen } from '../screen.js';
import { compareMailbox, compareStories, type Difference } from './compare.js';
import { figuresOf } from './figures.js';
import { actualFigures, type Outcome } from './outcome.js';
import { differencesTable, figuresTable, funnel } from './report.js';

interface Check {
  readonly claim: string;
  readonly differences: readonly Difference[];
}

/** Shows funnel, table and checks; answers whether every check holds. */
export function closingReport(outcomes: readonly Outcome[], screen: Screen): boolean {
  for (const outcome of outcomes) {
    const { campaign, template } = outcome.scenario;
    screen.line();
    for (const line of funnel(campaign.name, Object.keys(template.stages), actualFigures(outcome), screen.paint)) {
      screen.line(line);
    }
  }
  const columns = outcomes.map((outcome) => ({
    name: outcome.scenario.campaign.name,
    actual: actualFigures(outcome),
    predicted: figuresOf(outcome.predicted),
  }));
  screen.line();
  screen.line(figuresTable(columns, screen.paint));
  screen.line();
  return checksOf(outcomes)
    .map((check) => show(check, screen))
    .every((holds) => holds);
}

function checksOf(outcomes: readonly Outcome[]): readonly Check[] {
  const conversations = outcomes.reduce((sum, { predicted }) => sum + predicted.size, 0);
  const messages = outcomes.reduce((sum, { sent }) => sum + sent.length, 0);
  return [
    {
      claim: `each of ${conversations} conversations went the way that the engine predicts`,
      differences: outcomes.flatMap(({ predicted, actual }) => compareStories(predicted, actual)),
    },
    {
      claim: `the mailbox holds exactly the ${messages} messages that the ledger calls sent, each once`,
      differences: outcomes.flatMap(({ sent, received }) => compareMailbox(sent, received)),
    },
  ];
}

function show({ claim, differences }: Check, { line, paint }: Screen): boolean {
  if (differences.length === 0) {
    line(`${paint('green', '✔')} ${claim}`);
    return true;
  }
  line(`${paint('red', '✘')} It does not hold that ${claim}:`);
  line(differencesTable(differences));
  return false;
}
