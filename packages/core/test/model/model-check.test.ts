import type { Guard, LedgerEvent } from '../../src/ledger/index.js';
import { type Explored, explore } from './explore.js';
import type { Rules, Scenario } from './state.js';

/** The rules as they are. */
const RULES: Rules = {
  change: (_, change) => change,
  comparesVersions: true,
  statesIntent: true,
  fencesOnAdoption: true,
  gateSeesInbox: true,
  gateSeesCampaign: true,
  gateSeesOutbox: true,
  sweepsLeases: true,
};

const PLAIN: Scenario = {
  policy: 'at_most_once',
  incident: 'nothing',
  messages: 1,
  crashes: 1,
  troubles: 1,
  expiries: 1,
};
const PATIENCE_MS = 120_000;
let looked = 0;

function check(scenario: Partial<Scenario>, rules: Partial<Rules> = {}): Explored['counterexample'] {
  const { states, counterexample } = explore({ ...PLAIN, ...scenario }, { ...RULES, ...rules });
  looked += states;
  return counterexample;
}

describe('in every order of events nothing is lost, and nothing is repeated unsaid', () => {
  afterAll(() => process.stdout.write(`The model check looked at ${looked} states of the protocol.\n`));

  it.each<[string, Partial<Scenario>]>([
    ['three crashes, and a lease that runs out', { crashes: 3, troubles: 0 }],
    ['two crashes, an answer that is lost, and a lease that runs out', { crashes: 2 }],
    ['answers that are lost, and leases that run out', { crashes: 0, troubles: 2, expiries: 2 }],
    ['the same where a message may be sent again', { crashes: 0, troubles: 2, policy: 'at_least_once' }],
    [
      'three crashes where a message may be sent again',
      { crashes: 3, troubles: 0, expiries: 0, policy: 'at_least_once' },
    ],
    ['a reply', { incident: 'reply', expiries: 0 }],
    ['a reply before a follow-up', { incident: 'reply', messages: 2, troubles: 0, expiries: 0 }],
    ['a reply, and a lease that runs out', { incident: 'reply', messages: 2, crashes: 0, troubles: 0 }],
    ['a pause', { incident: 'pause', troubles: 0 }],
    ['a cancellation', { incident: 'cancel', troubles: 0 }],
    ['a cancellation where a message may be sent again', { incident: 'cancel', troubles: 0, policy: 'at_least_once' }],
    ['an operator who knows that it arrived', { incident: 'confirm' }],
    ['an operator who gives it up', { incident: 'abandon' }],
    ['an operator who has it sent again', { incident: 'resend', troubles: 0, expiries: 0 }],
    ['the same, and an answer that comes late', { incident: 'resend', crashes: 0 }],
  ])(
    '%s',
    (_, scenario) => {
      expect(check(scenario)).toBeNull();
    },
    PATIENCE_MS,
  );
});

/** The table with another guard on one event. */
const guarded =
  (kind: LedgerEvent['kind'], change: (when: Guard) => Guard): Rules['change'] =>
  (event, made) =>
    event.kind === kind && made.kind === 'update' ? { ...made, when: change(made.when) } : made;

const without =
  (field: keyof Guard) =>
  ({ [field]: _gone, ...when }: Guard): Guard =>
    when as Guard;

describe('the check can fail: it finds the way to what must not be', () => {
  it.each<[string, Partial<Rules>, Partial<Scenario>, RegExp]>([
    [
      'where an outcome is recorded without its fence',
      { change: guarded('recorded', without('fence')) },
      { troubles: 2, crashes: 0, expiries: 0 },
      /accepted twice/,
    ],
    [
      'where a row is claimed in whatever state it is',
      { change: guarded('claimed', (when) => ({ ...when, status: ['retry', 'sending', 'sent', 'unknown'] })) },
      { policy: 'at_least_once', crashes: 0 },
      /went on/,
    ],
    [
      'where a lease that ran out is sent again, whatever the policy',
      {
        change: (event, made) =>
          event.kind === 'lease_expired' && made.kind === 'update'
            ? { ...made, write: { set: { status: 'retry', due_at: 0 } } }
            : made,
      },
      {},
      /accepted twice/,
    ],
    [
      'where silence is taken for a refusal',
      {
        change: (event, made) =>
          event.kind === 'recorded' && event.outcome.status === 'unknown' && made.kind === 'update'
            ? { ...made, write: { set: { status: 'retry', due_at: 0 } } }
            : made,
      },
      {},
      /accepted twice/,
    ],
    [
      'where a late refusal sends what an operator sends again under another key',
      { change: guarded('recorded', without('resending')) },
      { incident: 'resend', crashes: 0 },
      /under two keys/,
    ],
    ['where a decision does not compare versions', { comparesVersions: false }, { incident: 'reply' }, /reply is lost/],
    ['where the gate does not see the inbox', { gateSeesInbox: false }, { incident: 'reply' }, /past a reply/],
    ['where the gate does not see the campaign', { gateSeesCampaign: false }, { incident: 'pause' }, /does not run/],
    [
      'where the gate does not see the outbox',
      { gateSeesOutbox: false },
      { incident: 'reply', messages: 2, crashes: 1, troubles: 1, expiries: 0 },
      /after a reply took it back/,
    ],
    ['where no intent is stated', { statesIntent: false }, { troubles: 0, expiries: 0 }, /dead end/],
    ['where adoption does not fence', { fencesOnAdoption: false }, { troubles: 0 }, /dead end/],
    ['where nobody sweeps leases', { sweepsLeases: false }, { troubles: 0, expiries: 0 }, /dead end/],
  ])(
    '%s',
    (_, rules, scenario, why) => {
      const counterexample = check(scenario, rules);
      expect(counterexample?.why).toMatch(why);
      expect(counterexample?.steps.length).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});
