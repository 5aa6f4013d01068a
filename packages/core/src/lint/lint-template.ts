import { compileTemplate } from '../engine/compile-template.js';
import type { Fault } from '../schemas/fault.js';
import { createFaultList } from '../schemas/fault-list.js';
import type { CampaignTemplate } from '../schemas/template.js';
import { lintReach } from './reach.js';
import { lintSatisfaction } from './satisfaction.js';
import { lintTimes } from './times.js';
import { lintVariables } from './variables.js';

/**
 * What is allowed in a template and hardly meant: stages that nobody reaches or that nothing satisfies, loops, sendings
 * and escalations that come too late to happen, variables that nothing provides. All of it are warnings.
 *
 * `template` has passed `checkTemplate` without faults. Pure.
 */
export function lintTemplate(template: CampaignTemplate): readonly Fault[] {
  const compiled = compileTemplate(template, 1);
  const warnings = createFaultList();
  lintReach(compiled, warnings);
  for (const stage of compiled.stages.values()) {
    lintSatisfaction(stage, compiled.completing_intent, warnings);
    lintTimes(stage, warnings);
    lintVariables(stage, warnings);
  }
  return warnings.all();
}
