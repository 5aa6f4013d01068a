import { pathToFileURL } from 'node:url';
import type { Run } from '@campaign-manager/core/engine';
import type { Person } from './audience.js';
import { compile, predict } from './predict.js';
import { loadScenarios, type Scenario } from './scenario.js';
import { storyOf } from './story.js';
import { HOUR_MS } from './time.js';

const examples = pathToFileURL(`${process.cwd()}/examples/`);
const SEEDS = [1, 2, 3];
/** Two seconds of real time. */
const MARGIN_HOURS = 20;

async function scenarioOf(type: 'sales' | 'support', seed = 1): Promise<Scenario> {
  const scenarios = await loadScenarios(examples, seed);
  const found = scenarios.find(({ template }) => template.type === type);
  if (!found) throw new Error(`No example is of type ${type}.`);
  return found;
}

function storyOfKind(scenario: Scenario, kind: string): readonly string[] {
  const person = scenario.people.find(({ persona }) => persona.kind === kind);
  if (!person) throw new Error(`Nobody is ${kind}.`);
  return storyOf(predict(scenario, person).events);
}

/** Each reply with the distance to the nearest instant at which anything else happens, or would without it. */
function margins(scenario: Scenario, person: Person): { readonly reply: string; readonly hours: number }[] {
  const run = predict(scenario, person);
  return run.events
    .filter(({ type }) => type === 'response')
    .map((response) => {
      const id = response.detail?.['id'];
      const key = run.sends.find(({ effect }) => `reply:${effect.key.replaceAll('/', ':')}` === id)?.effect.key;
      const without = predict(scenario, person, ({ effect }) => effect.key !== key);
      const before = run.events.filter(({ at }) => at < response.at).map(({ at }) => at);
      const otherwise = without.events.filter(({ type }) => type !== 'response').map(({ at }) => at);
      const instants = [...before, ...otherwise, ...bounds(scenario, run, response.at)];
      const distance = Math.min(...instants.map((instant) => Math.abs(instant - response.at)));
      return { reply: `${person.persona.kind} in ${response.stage}`, hours: Math.round(distance) / HOUR_MS };
    });
}

/** Minimum and maximum of the stage in which the reply comes. */
function bounds(scenario: Scenario, run: Run, at: number): number[] {
  const entered = run.events.filter((event) => event.type === 'entered' && event.at < at).at(-1);
  const rules = entered && compile(scenario).stages.get(entered.stage);
  return rules ? [entered.at + rules.min_ms, entered.at + rules.max_ms] : [];
}

describe('the prediction', () => {
  it.each(SEEDS)('keeps every reply two seconds away from every deadline, with seed %i', async (seed) => {
    const all = (await loadScenarios(examples, seed)).flatMap((scenario) =>
      scenario.people.flatMap((person) => margins(scenario, person)),
    );
    expect(all.length).toBeGreaterThan(80);
    expect(all.filter(({ hours }) => hours < MARGIN_HOURS)).toEqual([]);
  });

  it('ends every conversation within 34 seconds', async () => {
    const ends = (await loadScenarios(examples, 1)).flatMap((scenario) =>
      scenario.people.map((person) => {
        const run = predict(scenario, person);
        expect(run.state.status).toBe('completed');
        return run.events.at(-1)?.at ?? Number.POSITIVE_INFINITY;
      }),
    );
    expect(Math.max(...ends)).toBeLessThan(34_000);
  });

  it.each([
    ['keen', 'completed success (specific_response_received)'],
    ['late', 'completed success (specific_response_received)'],
    ['accepts_early', 'completed success (specific_response_received)'],
    ['declines', 'completed success (all_stages_completed)'],
    ['never', 'completed failed (max_duration)'],
    ['drops_out', 'completed failed (max_duration)'],
  ])('ends with a %s lead as %s', async (kind, end) => {
    expect(storyOfKind(await scenarioOf('sales'), kind).at(-1)).toBe(end);
  });

  it.each([
    ['prompt', 'completed success (all_stages_completed)'],
    ['late', 'completed success (all_stages_completed)'],
    ['late_rating', 'completed success (all_stages_completed)'],
    ['no_rating', 'completed failed (max_duration)'],
    ['silent', 'completed failed (max_duration)'],
  ])('ends with a %s customer as %s', async (kind, end) => {
    expect(storyOfKind(await scenarioOf('support'), kind).at(-1)).toBe(end);
  });

  it('follows a late lead through both follow-ups', async () => {
    expect(storyOfKind(await scenarioOf('sales'), 'late').slice(0, 6)).toEqual([
      'entered awareness',
      'sent awareness/0/0',
      'sent awareness/0/1',
      'sent awareness/0/2',
      'response',
      'advanced to consideration',
    ]);
  });

  it('lets a bad rating lead to an apology and a good one to thanks', async () => {
    const scenario = await scenarioOf('support');
    const bodies = scenario.people.flatMap((person) => {
      const rating = person.persona.campaign === 'support' ? person.persona.rating : 0;
      const last = predict(scenario, person).sends.find(({ effect }) => effect.stage === 'satisfaction');
      return last ? [{ rating, sorry: last.content.body.includes('sorry') }] : [];
    });
    expect(bodies.length).toBeGreaterThan(20);
    expect(bodies.filter(({ rating, sorry }) => sorry !== rating < 4)).toEqual([]);
  });
});
