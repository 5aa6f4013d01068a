import fc from 'fast-check';
import { checkTemplate } from '../schemas/checks.js';
import { compileCondition } from './condition.js';
import { decide } from './decide.js';
import { FAR_FUTURE } from './draft.js';
import { hostile, instants, punctual, troubled } from './fixtures/arbitrary.js';
import { deepFreeze } from './fixtures/deep-freeze.js';
import { CONVERSATION, HOUR, inputOf, live, type Scenario, shortKey } from './fixtures/scenario.js';
import { runConversation } from './run-conversation.js';
import { compileText } from './text.js';
import type { ConversationEvent, DecideInput, Decision } from './types.js';

/* What holds for every valid template and every timeline (design, sections 4 and 7). */

const RUNS = { numRuns: 150 };
const forEvery = (scenarios: fc.Arbitrary<Scenario>, holds: (scenario: Scenario) => void) =>
  fc.assert(fc.property(scenarios, holds), RUNS);

/** Lives a scenario and shows every decision with its input. */
function watch(scenario: Scenario, observe: (input: DecideInput, decision: Decision) => void) {
  return live({ ...scenario, observe });
}

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('the scenarios of the properties', () => {
  it('are valid templates', () => {
    const messageOf = (result: { ok: boolean; message?: string }) => (result.ok ? null : (result.message ?? ''));
    const sources = {
      condition: (source: string) => messageOf(compileCondition(source)),
      text: (source: string) => messageOf(compileText(source)),
    };
    forEvery(punctual, ({ stages, template }) => {
      const document = { _id: 't', name: 'T', type: 'sales', stages, ...template };
      expect(checkTemplate(document, sources)).toMatchObject({ ok: true });
    });
  });

  it('see every result and most reasons', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(hostile, (scenario) => {
        const { state } = live(scenario);
        seen.add(`${state.status} ${state.result ?? ''}`);
        seen.add(state.reason ?? '');
      }),
      { numRuns: 1000, seed: 7 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'completed success',
        'completed failed',
        'completed expired',
        'completed opted_out',
        'completed cancelled',
        'max_duration',
        'follow_ups_exhausted',
        'loop_limit',
        'undeliverable',
        'unknown_stage: nowhere',
      ]),
    );
  });
});

describe('a decision', () => {
  it('never throws, never loops, never changes its input, and is the same for the same input', () => {
    forEvery(hostile, (scenario) => {
      watch(scenario, ({ template, ...input }, decision) => {
        expect(decide({ ...deepFreeze(input), template })).toEqual(decision);
      });
    });
  });

  it('is plain data: nothing undefined, infinite or not a number', () => {
    forEvery(hostile, (scenario) => {
      watch(scenario, (_input, decision) => expect(throughJson(decision)).toStrictEqual(decision));
    });
  });

  it('tells an active conversation when it is looked at again', () => {
    forEvery(hostile, (scenario) => {
      watch(scenario, ({ now }, { state }) => {
        expect(state.next_action_at).toBeGreaterThanOrEqual(now);
        expect(state.next_action_at).toBeLessThanOrEqual(FAR_FUTURE);
        if (state.status !== 'active' || state.escalation?.status === 'taken') return;
        expect(state.next_action_at).toBeLessThan(FAR_FUTURE);
      });
    });
  });

  it('before that moment changes nothing at all', () => {
    fc.assert(
      fc.property(troubled, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (scenario, part) => {
        watch(scenario, (input, { state }) => {
          const wait = Math.min(state.next_action_at, input.now + 1000 * HOUR) - input.now;
          if (wait <= 0 || (state.outbox.length > 0 && state.status === 'active')) return;
          const now = input.now + wait * part;
          if (now >= state.next_action_at) return; // rounded up
          const early = decide({ ...input, state, settlements: new Map(), now });
          expect(early.state).toBe(state);
          expect(early).toEqual({ state, sends: [], events: [] });
        });
      }),
      RUNS,
    );
  });

  it('while a message is under way sends nothing and decides nothing before that moment', () => {
    fc.assert(
      fc.property(troubled, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (scenario, part) => {
        watch(scenario, (input, { state }) => {
          const wait = state.next_action_at - input.now;
          if (wait <= 0 || wait > 1000 * HOUR) return;
          const now = input.now + wait * part;
          if (now >= state.next_action_at) return; // rounded up
          const early = decide({ ...input, state, settlements: new Map(), now });
          expect({ ...early, state: { ...early.state, next_action_at: 0 } }).toEqual({
            state: { ...state, next_action_at: 0 },
            sends: [],
            events: [],
          });
        });
      }),
      RUNS,
    );
  });
});

describe('a timeline', () => {
  it('is the same where the state goes through JSON at any moment', () => {
    forEvery(hostile, (scenario) => {
      const { state, events, texts } = live(scenario);
      expect(live({ ...scenario, store: throughJson })).toMatchObject({ state, events, texts });
    });
  });

  it('is the same where somebody decides more often than needed', () => {
    fc.assert(
      fc.property(troubled, instants, (scenario, looks) => {
        expect(live({ ...scenario, looks }).lines).toEqual(live(scenario).lines);
      }),
      RUNS,
    );
  });

  it('is the one that a simulation foretells, where every message is accepted at once', () => {
    forEvery(punctual, (scenario) => {
      const { template, campaign, recipient } = inputOf(scenario);
      const run = runConversation({
        conversation_id: CONVERSATION,
        template,
        campaign,
        recipient,
        context: {},
        start: 0,
        events: scenario.events ?? [],
      });
      const lived = live(scenario);
      expect(run.events.slice(1)).toEqual(lived.events);
      expect(run.sends.map(({ content }) => content.body)).toEqual(lived.texts);
    });
  });
});

/** One stage visit as its history tells it. */
interface Visit {
  readonly stage: string;
  readonly entered: number;
  readonly events: ConversationEvent[];
}

function visitsOf(events: readonly ConversationEvent[]): Visit[] {
  const visits: Visit[] = [];
  for (const event of [{ at: 0, type: 'entered', stage: '', visit: 0 } as ConversationEvent, ...events]) {
    if (event.type === 'entered') visits.push({ stage: event.stage, entered: event.at, events: [] });
    visits.at(-1)?.events.push(event);
  }
  return visits;
}

const byRules = ({ type, reason }: ConversationEvent) => type === 'sent' && reason !== 'operator';
const keyOf = ({ detail }: ConversationEvent) => String(detail?.['key']);
/** Times are sums of products of hours, so that the last bit may differ. */
const EPSILON_MS = 1e-3;

describe('messages', () => {
  it('have keys that never repeat', () => {
    forEvery(hostile, (scenario) => {
      const keys = live(scenario)
        .events.filter((event) => byRules(event))
        .map(keyOf);
      expect(new Set(keys).size).toBe(keys.length);
    });
  });

  it('never lie twice in one outbox', () => {
    forEvery(hostile, (scenario) => {
      watch(scenario, (_input, { state, sends }) => {
        const keys = state.outbox.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { effect } of sends) expect(keys).toContain(effect.key);
      });
    });
  });

  it('never leave before they are due', () => {
    forEvery(hostile, (scenario) => {
      const { template } = inputOf(scenario);
      for (const { stage, entered, events } of visitsOf(live(scenario).events)) {
        const messages = template.stages.get(stage === '' ? template.initial_stage : stage)?.messages ?? [];
        let latest = Number.NEGATIVE_INFINITY;
        for (const event of events) {
          if (event.type === 'response') latest = Math.max(latest, event.at);
          if (!byRules(event)) continue;
          const message = messages[Number(event.detail?.['index'])];
          const isFollowUp = Number(event.detail?.['ordinal']) > 0;
          const due = isFollowUp ? latest + (message?.follow_up_delay_ms ?? 0) : entered + (message?.delay_ms ?? 0);
          expect(event.at).toBeGreaterThanOrEqual(due - EPSILON_MS);
          latest = Math.max(latest, event.at);
        }
      }
    });
  });

  it('are not sent after a reply that satisfied a stage which requires one', () => {
    forEvery(hostile, (scenario) => {
      watch(scenario, ({ template, state: before }, { events, sends }) => {
        const stage = template.stages.get(before.current_stage);
        if (!stage?.response_required || before.visit.responses < stage.min_responses) return;
        const left = events.some(({ type }) => type === 'advanced');
        if (!left) expect(sends).toEqual([]);
      });
    });
  });

  it('are not sent after the end, nor at or after the end of the campaign', () => {
    forEvery(hostile, (scenario) => {
      const { events } = live(scenario);
      const end = scenario.campaign?.end_at ?? FAR_FUTURE;
      const completed = events.findIndex(({ type }) => type === 'completed');
      events.forEach((event, n) => {
        if (event.type !== 'sent') return;
        if (completed >= 0) expect(n).toBeLessThan(completed);
        if (byRules(event)) expect(event.at).toBeLessThan(end);
      });
    });
  });

  it('have no more follow-ups than the message and the stage allow, those withdrawn for a reply aside', () => {
    forEvery(hostile, (scenario) => {
      const { template } = inputOf(scenario);
      for (const { stage, events } of visitsOf(live(scenario).events)) {
        const rules = template.stages.get(stage === '' ? template.initial_stage : stage);
        const withdrawn = new Set(
          events.filter(({ type, reason }) => type === 'voided' && reason === 'response').map(keyOf),
        );
        const followUps = events.filter((event) => byRules(event) && Number(event.detail?.['ordinal']) > 0);
        const kept = followUps.filter((event) => !withdrawn.has(keyOf(event)));
        expect(kept.length).toBeLessThanOrEqual(rules?.max_follow_ups ?? 0);
        for (const [index, message] of (rules?.messages ?? []).entries()) {
          const own = kept.filter(({ detail }) => detail?.['index'] === index);
          expect(own.length).toBeLessThanOrEqual(message.max_follow_ups);
        }
      }
    });
  });
});

describe('a state', () => {
  it('stays small: progress of the present visit, one line for each stage, counters that are not negative', () => {
    forEvery(hostile, (scenario) => {
      watch(scenario, ({ template }, { state }) => {
        expect(state.visits.length).toBeLessThanOrEqual(template.stages.size);
        expect(state.visit.messages.length).toBeLessThanOrEqual(3);
        expect(state.visit.follow_ups).toBeGreaterThanOrEqual(0);
        expect(state.visit.late_ms).toBeGreaterThanOrEqual(0);
        expect(state.visit.held_ms).toBeGreaterThanOrEqual(0);
        for (const { follow_ups } of state.visit.messages) expect(follow_ups).toBeGreaterThanOrEqual(0);
        if (state.status === 'completed') expect(state.outbox.filter(({ kind }) => kind === 'message')).toEqual([]);
      });
    });
  });

  it('visits no stage more often than allowed', () => {
    forEvery(hostile, (scenario) => {
      const { template } = inputOf(scenario);
      for (const { stage, count } of live(scenario).state.visits) {
        expect(count).toBeLessThanOrEqual(template.stages.get(stage)?.max_visits ?? 0);
      }
    });
  });
});

it('short keys tell keys apart', () => {
  expect(shortKey(`${CONVERSATION}/hello/2/0/1/r3`)).toBe('hello#2/0+1/r3');
});
