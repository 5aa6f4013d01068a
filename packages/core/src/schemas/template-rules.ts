import type { Fault } from './fault.js';
import { createFaultList, type Findings } from './fault-list.js';
import { checkSources, type SourceChecks } from './source-checks.js';
import { checkStageNames } from './stage-names.js';
import { checkStageTimes } from './stage-times.js';
import type { CampaignTemplate } from './template.js';

export interface TemplateOptions {
  /** Names of the configured notifiers; where given, every `escalation_action` must be one of them. */
  readonly notifiers?: readonly string[];
}

/** What a schema cannot tell of a template: names that must exist, times that must agree, sources that must parse. */
export function templateRules(
  template: CampaignTemplate,
  checks: SourceChecks,
  options: TemplateOptions = {},
): { readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] } {
  const findings: Findings = { faults: createFaultList(), warnings: createFaultList() };
  checkStageNames(template, findings);
  for (const [name, stage] of Object.entries(template.stages)) {
    checkStageTimes(['stages', name], stage, options.notifiers, findings);
    checkSources(['stages', name], stage, checks, findings);
  }
  return { faults: findings.faults.all(), warnings: findings.warnings.all() };
}
