import { outsideSteps } from './outside-steps.js';
import { ENDED, fingerprint, type Rules, type Scenario, START, type State } from './state.js';
import { type Step, workerSteps } from './worker-steps.js';

/** What the exploration of every order of events found. */
export interface Explored {
  readonly states: number;
  /** The shortest way to what must not be; null where there is none. */
  readonly counterexample: { readonly why: string; readonly steps: readonly string[] } | null;
}

interface Node {
  readonly label: string;
  readonly parent: number;
}

/**
 * Looks at every state that the protocol can come to, breadth first. Nothing must be broken in any of them, and from
 * each of them there must be a way to an end in which everything that was decided is accounted for.
 */
export function explore(scenario: Scenario, rules: Rules): Explored {
  const nodes: Node[] = [{ label: 'start', parent: -1 }];
  const index = new Map([[fingerprint(START), 0]]);
  const before: number[][] = [[]];
  const accounted: number[] = [];
  let layer: { readonly state: State; readonly at: number }[] = [{ state: START, at: 0 }];
  while (layer.length > 0) {
    const following: typeof layer = [];
    for (const { state, at } of layer) {
      if (isAccountedFor(state)) accounted.push(at);
      for (const { label, next } of stepsFrom(state, scenario, rules)) {
        const print = fingerprint(next);
        const known = index.get(print);
        if (known !== undefined) {
          before[known]?.push(at);
          continue;
        }
        const id = nodes.length;
        nodes.push({ label, parent: at });
        if (next.broken) return { states: nodes.length, counterexample: { why: next.broken, steps: wayTo(nodes, id) } };
        index.set(print, id);
        before.push([at]);
        following.push({ state: next, at: id });
      }
    }
    layer = following;
  }
  const stuck = firstWithout(before, accounted);
  const counterexample = stuck === null ? null : { why: 'a dead end', steps: wayTo(nodes, stuck) };
  return { states: nodes.length, counterexample };
}

function stepsFrom(state: State, scenario: Scenario, rules: Rules): Step[] {
  return [
    ...workerSteps(state, 0, scenario, rules),
    ...workerSteps(state, 1, scenario, rules),
    ...outsideSteps(state, scenario, rules),
  ];
}

/** Nobody is at work, nothing waits, and every message that was decided has its end. */
function isAccountedFor({ conversation, rows, batches, workers }: State): boolean {
  if (workers.some(({ at }) => at !== 'idle') || batches.length > 0) return false;
  if (!conversation.completed && (conversation.inbox.length > 0 || conversation.outbox.length > 0)) return false;
  if (Object.values(rows).some((row) => row.tell)) return false;
  return (
    conversation.decided.every((key) => {
      const row = rows[key];
      return row ? ENDED.includes(row.status) : conversation.voided.includes(key);
    }) &&
    (conversation.decided.length > 0 || conversation.completed)
  );
}

/** The first state, in the order of their discovery, from which none of `goals` can be reached. */
function firstWithout(before: readonly (readonly number[])[], goals: readonly number[]): number | null {
  const good = new Uint8Array(before.length);
  const open = [...goals];
  for (const goal of goals) good[goal] = 1;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const earlier of before[at] ?? []) {
      if (good[earlier]) continue;
      good[earlier] = 1;
      open.push(earlier);
    }
  }
  const stuck = good.indexOf(0);
  return stuck === -1 ? null : stuck;
}

function wayTo(nodes: readonly Node[], id: number): string[] {
  const steps: string[] = [];
  for (let at = id; at > 0; at = nodes[at]?.parent ?? 0) steps.unshift(nodes[at]?.label ?? '');
  return steps;
}
