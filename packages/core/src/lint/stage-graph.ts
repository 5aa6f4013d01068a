import type { CompiledStage, CompiledTemplate } from '../engine/types.js';
import { neverSatisfied } from './satisfaction.js';

/** What may follow each stage by the rules of branching; null stands for the end after it. */
export type StageGraph = ReadonlyMap<string, ReadonlySet<string | null>>;

export function stageGraph(template: CompiledTemplate): StageGraph {
  return new Map([...template.stages.values()].map((stage) => [stage.name, successors(template, stage)]));
}

function successors({ order, completing_intent }: CompiledTemplate, stage: CompiledStage): Set<string | null> {
  const found = new Set<string | null>();
  if (mayFail(stage) && neverSatisfied(stage, completing_intent) !== null) return found;
  for (const { condition, to } of stage.transitions) {
    found.add(to);
    if (condition.variables.length === 0 && condition.test({})) return found; // always taken
  }
  const next = order[order.indexOf(stage.name) + 1] ?? null;
  return found.add(stage.next_stage === undefined ? next : stage.next_stage);
}

/** Whether the conversation fails with this stage where nobody answers, instead of going on. */
export function mayFail({ response_required, auto_advance, advance_on_failure }: CompiledStage): boolean {
  return response_required && !auto_advance && !advance_on_failure;
}

/** Every stage that can be entered from this one on, itself included. */
export function reachableFrom(graph: StageGraph, first: string): ReadonlySet<string> {
  const reached = new Set([first]);
  for (const stage of reached) {
    for (const next of graph.get(stage) ?? []) {
      if (next !== null) reached.add(next); // a Set goes on to what is added on the way
    }
  }
  return reached;
}

/** Groups of stages that lead into each other, a stage that leads into itself included (Tarjan's algorithm). */
export function loops(graph: StageGraph): readonly (readonly string[])[] {
  const found: string[][] = [];
  const numbers = new Map<string, number>();
  const lows = new Map<string, number>();
  const open: string[] = [];

  const visit = (stage: string) => {
    const number = numbers.size;
    numbers.set(stage, number);
    let low = number;
    open.push(stage);
    for (const next of graph.get(stage) ?? []) {
      if (next === null) continue;
      if (!numbers.has(next)) visit(next);
      if (open.includes(next)) low = Math.min(low, lows.get(next) ?? numbers.get(next) ?? low);
    }
    lows.set(stage, low);
    if (low < number) return;
    const group = open.splice(open.indexOf(stage));
    if (group.length > 1 || graph.get(stage)?.has(stage)) found.push(group);
  };

  for (const stage of graph.keys()) if (!numbers.has(stage)) visit(stage);
  return found;
}
