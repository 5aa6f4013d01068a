import type { CompiledTemplate } from '../engine/types.js';
import { createFault } from '../schemas/fault.js';
import type { FaultList } from '../schemas/fault-list.js';
import { loops, mayFail, reachableFrom, type StageGraph, stageGraph } from './stage-graph.js';

/** Stages that no path leads to, and loops that have no way out. */
export function lintReach(template: CompiledTemplate, warnings: FaultList): void {
  const graph = stageGraph(template);
  const reached = reachableFrom(graph, template.initial_stage);
  for (const stage of template.order) {
    if (reached.has(stage)) continue;
    warnings.add(() =>
      createFault(
        ['stages', stage],
        `No path leads from the first stage, \`${template.initial_stage}\`, to this one: only a campaign's \`initial_stage\`, an operator or custom logic can enter it.`,
        { expected: 'a stage that the order, `next_stage` or `transitions` lead to' },
      ),
    );
  }
  for (const loop of loops(graph)) {
    if (!hasWayOut(template, graph, loop)) lintEndlessLoop(template, loop, warnings);
  }
}

function lintEndlessLoop(template: CompiledTemplate, loop: readonly string[], warnings: FaultList): void {
  const [first = ''] = template.order.filter((stage) => loop.includes(stage));
  const [subject, expected] =
    loop.length === 1
      ? ['This stage leads to itself and nowhere else', 'a way out of this stage']
      : [`The stages ${loop.join(', ')} lead to each other and nowhere else`, 'a way out of the loop'];
  warnings.add(() =>
    createFault(
      ['stages', first, 'progression_rules'],
      `${subject}: every conversation goes round until \`max_visits\` ends it as failed (loop_limit).`,
      { expected },
    ),
  );
}

/** A success by an intent, a failure in time, or a stage outside of the loop. */
function hasWayOut(template: CompiledTemplate, graph: StageGraph, loop: readonly string[]): boolean {
  if (template.completing_intent !== null) return true;
  return loop.some((name) => {
    const stage = template.stages.get(name);
    if (stage && mayFail(stage)) return true;
    return [...(graph.get(name) ?? [])].some((next) => next === null || !loop.includes(next));
  });
}
