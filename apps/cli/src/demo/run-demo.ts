import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../api-client.js';
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
import { HOUR_MS } from './time.js';

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
  const { api, mailbox, inbound, system, accident } = stage;
  for (const scenario of scenarios) await Promise.race([setUp(api, scenario), system.failed]);

  const people = wakePeople(mailbox, inbound, scenarios);
  teardown.add(async () => people.stop());
  const troubles = [people.failed, system.failed];
  if (accident) {
    const operator = hireOperator(api, mailbox, scenarios, (settled) => tell(describe(settled)));
    teardown.add(async () => operator.stop());
    troubles.push(accident.failed, operator.failed);
  }
  await Promise.race([play(stage, scenarios, screen), ...troubles]);
  const outcomes = await Promise.all(scenarios.map((scenario) => collectOutcome(api, mailbox, scenario)));
  screen.redraw([]);
  return closingReport(outcomes, screen);
}

async function play({ api, accident }: Stage, scenarios: readonly Scenario[], screen: Screen): Promise<void> {
  const startedAt = performance.now();
  screen.line('An hour of the campaigns lasts a tenth of a second.');
  const timeoutMs = accident ? TIMEOUT_WITH_ACCIDENT_MS : TIMEOUT_MS;
  await Promise.all([
    ...scenarios.map((scenario) => launchInTime(api, scenario, screen)),
    watchUntilCompleted(api, scenarios, screen, startedAt, timeoutMs),
  ]);
  await accident?.over;
}

async function launchInTime(api: Api, scenario: Scenario, screen: Screen): Promise<void> {
  await delay(scenario.start_hours * HOUR_MS);
  await launch(api, scenario);
  screen.line(`Launched: ${scenario.campaign.name}, ${scenario.people.length} recipients`);
}

function describe({ key, action }: Settled): string {
  const findings = {
    confirm: 'the mailbox has it: confirmed',
    resend: 'the mailbox lacks it: sent again',
    abandon: 'the mailbox lacks it, and its conversation has ended: given up',
  };
  return `unknown: ${key}; ${findings[action]}`;
}
