import { compileTemplate } from '../engine/compile-template.js';
import type { CompiledStage } from '../engine/types.js';
import type { CampaignTemplate } from '../schemas/template.js';
import { loops, stageGraph } from './stage-graph.js';

/**
 * How many messages one conversation can send at the most, follow-ups and further visits included: what a simulation of
 * it may cost. `template` has passed `checkTemplate`. Pure.
 */
export function mostMessages(template: CampaignTemplate): number {
  const compiled = compileTemplate(template, 1);
  const repeated = new Set(loops(stageGraph(compiled)).flat());
  return [...compiled.stages.values()].reduce(
    (sum, stage) => sum + mostInVisit(stage) * (repeated.has(stage.name) ? stage.max_visits : 1),
    0,
  );
}

function mostInVisit({ messages, max_follow_ups }: CompiledStage): number {
  const followUps = messages.reduce((sum, message) => sum + Math.min(message.max_follow_ups, max_follow_ups), 0);
  return messages.length + Math.min(followUps, max_follow_ups);
}
