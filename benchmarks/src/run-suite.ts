import { comparePairs } from './compare.js';
import { type CaseResult, type NoResult, named } from './results.js';
import { CannotMeasureError, type Case } from './run.js';
import { type Plan, runCase } from './run-case.js';

/** A quick run warms up once, a whole run before every case. */
const WARM_UP = { quick: 500, full: 3000 } as const;

/** Runs the cases one after another. One that fails, or cannot be measured here, does not keep the others from it. */
export async function runSuite(
  cases: readonly Case[],
  plan: Omit<Plan, 'warmUp' | 'stepRate'>,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  let cold = true;
  for (const one of cases) {
    const warmUp = cold || plan.sizes === 'full' ? WARM_UP[plan.sizes] : 0;
    const result = await runCase(one, { ...plan, warmUp, stepRate: stepRateOf(results) }).catch(noResult(one));
    if ('reason' in result) plan.say(`${one.name} is ${result.kind}: ${result.reason}`);
    if (one.kind === 'pair') cold = false;
    results.push(result);
  }
  return results;
}

function noResult(one: Case): (error: unknown) => NoResult {
  return (error) => ({
    kind: error instanceof CannotMeasureError ? 'skipped' : 'failed',
    ...named(one),
    reason: error instanceof Error ? error.message : String(error),
  });
}

/** What `step` has measured so far. */
function stepRateOf(results: readonly CaseResult[]): number | null {
  const step = results.find(({ name }) => name === 'step');
  return step?.kind === 'pair' ? comparePairs(step.pairs).rate : null;
}
