import { ledgerStep, union } from './ledger-step.js';
import type { Key, Rules, Scenario, State } from './state.js';
import { type Step, told } from './worker-steps.js';

/** Everything that may happen beside the workers' own steps. */
export function outsideSteps(state: State, scenario: Scenario, rules: Rules): Step[] {
  return [
    ...crashes(state, scenario),
    ...sweeps(state, scenario, rules),
    ...incidents(state, scenario, rules),
    ...closes(state, rules),
  ];
}

/** A worker forgets everything. */
function crashes(state: State, scenario: Scenario): Step[] {
  if (state.crashes >= scenario.crashes) return [];
  const [a, b] = state.workers;
  const after = { ...state, crashes: state.crashes + 1 };
  return [
    ...(a.at === 'idle'
      ? []
      : [{ label: 'worker 0 crashes', next: { ...after, workers: [{ at: 'idle' }, b] as const } }]),
    ...(b.at === 'idle'
      ? []
      : [{ label: 'worker 1 crashes', next: { ...after, workers: [a, { at: 'idle' }] as const } }]),
  ];
}

/** The sweeper gives up on leases, and tells what was not told. */
function sweeps(state: State, scenario: Scenario, rules: Rules): Step[] {
  const steps: Step[] = [];
  for (const [name, row] of Object.entries(state.rows)) {
    const key = name as Key;
    if (row.tell)
      steps.push({ label: `a sweep tells of ${key}`, next: told(state, rules, key, row.status, row.attempt) });
    if (!rules.sweepsLeases || row.status !== 'sending') continue;
    // A lease of somebody who lives may run out only so often; one of somebody who died always does.
    const held = state.workers.some((worker) => 'task' in worker && String(worker.task.fence) === row.fence);
    if (held && state.expiries >= scenario.expiries) continue;
    const next = ledgerStep(state, rules, key, { kind: 'lease_expired', row, now: 1, random: 0 });
    if (next)
      steps.push({
        label: `the lease of ${key} runs out`,
        next: { ...next, expiries: next.expiries + (held ? 1 : 0) },
      });
  }
  return steps;
}

/** What comes from outside, once. */
function incidents(state: State, { incident }: Scenario, rules: Rules): Step[] {
  const { conversation, campaign } = state;
  const change = (next: Partial<State['campaign']>) => ({ ...campaign, ...next, revision: campaign.revision + 1 });
  if (incident === 'pause' && state.happened && !state.resumed) {
    return [{ label: 'the campaign goes on', next: { ...state, resumed: true, campaign: change({ running: true }) } }];
  }
  if (state.happened || incident === 'nothing') return [];
  const happened = { ...state, happened: true };
  switch (incident) {
    case 'reply':
      if (conversation.completed) return [];
      return [{ label: 'a reply arrives', next: { ...happened, conversation: withEvent(state, 'reply') } }];
    case 'pause':
      return [{ label: 'the campaign is paused', next: { ...happened, campaign: change({ running: false }) } }];
    case 'cancel':
      return [
        {
          label: 'the campaign is cancelled',
          next: { ...happened, campaign: change({ running: false, cancelled: true }) },
        },
      ];
    default:
      return operator(state, happened, incident, rules);
  }
}

function withEvent({ conversation }: State, event: 'reply' | 'resend'): State['conversation'] {
  return {
    ...conversation,
    version: conversation.version + 1,
    inbox: union(conversation.inbox, [event]),
  };
}

/** An operator's word on the first message, once it is unknown. */
function operator(state: State, happened: State, word: 'confirm' | 'abandon' | 'resend', rules: Rules): Step[] {
  const attempt = { n: state.rows.m0?.attempt ?? 0, at: 0, outcome: word };
  const settle = (from: State, status: 'sent' | 'abandoned', resending: boolean) =>
    ledgerStep(from, rules, 'm0', { kind: 'resolved', status, attempt, resending });
  if (word !== 'resend') {
    const next = settle(happened, word === 'confirm' ? 'sent' : 'abandoned', false);
    return next ? [{ label: `an operator says ${word}`, next }] : [];
  }
  if (state.conversation.completed) return [];
  const begun = ledgerStep(happened, rules, 'm0', { kind: 'resend_begun', resend: { by: 'olga', at: 0 } });
  if (!begun) return [];
  const inbox = { ...begun, conversation: withEvent(begun, 'resend') };
  // Between the note and the end of it anything may happen; both are looked at.
  const ended = settle(inbox, 'abandoned', true);
  return [
    { label: 'an operator begins a resend', next: inbox },
    ...(ended ? [{ label: 'an operator resends', next: ended }] : []),
  ];
}

/** The close of a cancelled campaign: its conversations end, its retries are withdrawn. */
function closes(state: State, rules: Rules): Step[] {
  if (!state.campaign.cancelled) return [];
  const { conversation } = state;
  const ended: State = conversation.completed
    ? state
    : {
        ...state,
        conversation: {
          ...conversation,
          version: conversation.version + 1,
          completed: true,
          inbox: [],
          outbox: [],
          voided: union(conversation.voided, conversation.outbox),
        },
      };
  const next = [false, true].reduce(
    (closing, inDoubt) =>
      Object.keys(state.rows).reduce(
        (from, key) => ledgerStep(from, rules, key as Key, { kind: 'campaign_closed', now: 0, inDoubt }) ?? from,
        closing,
      ),
    ended,
  );
  return next === state ? [] : [{ label: 'the campaign is closed', next }];
}
