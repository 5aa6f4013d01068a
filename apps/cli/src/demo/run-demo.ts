import { EXAMPLES } from '../project-files.js';
import type { Screen } from '../screen.js';
import type { Teardown } from '../system/teardown.js';
import { closingReport } from './closing-report.js';
import { watchUntilCompleted } from './live-view.js';
import { hireOperator, type Settled } from './operator.js';
import { collectOutcome } from './outcome.js';
import { loadScenarios, type Scenario } from './scenario.js';
import { launch, setUp } from './set-up.js';
import { wakePeople } from './simulated-people.js';
import { type Stage, setStage } from './stage.js';

export interface DemoOptions {
  /** Kills a worker and empties Redis in the middle. */
  readonly kill: boolean;
  readonly seed: number;
}

const TIMEOUT_MS = 60_000;
const TIMEOUT_WITH_ACCIDENT_MS = 120_000;

/**
 * Runs both example campaigns to their end and checks them against what the engine predicts. Answers whether they agree.
 * Everything that is started is added to `teardown`.
 */
export async function runDemo({ kill, seed }: DemoOptions, screen: Screen, teardown: Teardown): Promise<boolean> {
  const say = (line: string) => screen.line(screen.paint('dim', line));
  const tell = (line: string) => screen.line(screen.paint('yellow', `! ${line}`));
  const scenarios = await loadScenarios(EXAMPLES, seed);
  const stage = await setStage({ kill, teardown, say, tell });
  const { api, mailbox, system, accident } = stage;

  const people = wakePeople(mailbox, api, scenarios);
  teardown.add(async () => people.stop());
  const troubles = [people.failed, system.failed];
  if (accident) {
    const operator = hireOperator(api, mailbox, scenarios, (settled) => tell(describe(settled)));
    teardown.add(async () => operator.stop());
    troubles.push(operator.failed);
  }
  await Promise.race([play(stage, scenarios, screen), ...troubles]);
  return closingReport(await Promise.all(scenarios.map((scenario) => collectOutcome(api, mailbox, scenario))), screen);
}

async function play({ api, accident }: Stage, scenarios: readonly Scenario[], screen: Screen): Promise<void> {
  for (const scenario of scenarios) await setUp(api, scenario);
  const startedAt = performance.now();
  for (const scenario of scenarios) await launch(api, scenario);
  const names = scenarios.map(({ campaign, people }) => `${campaign.name} (${people.length} recipients)`);
  screen.line(`Launched ${names.join(' and ')}. An hour of their time lasts a tenth of a second.`);
  const timeoutMs = accident ? TIMEOUT_WITH_ACCIDENT_MS : TIMEOUT_MS;
  await watchUntilCompleted(api, scenarios, screen, startedAt, timeoutMs);
  await accident?.over;
}

function describe({ key, action }: Settled): string {
  const finding = action === 'confirm' ? 'the mailbox has it: confirmed' : 'the mailbox lacks it: sent again';
  return `unknown: ${key}; ${finding}`;
}
