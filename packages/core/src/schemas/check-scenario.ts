import { checkCampaign, checkRecipient, checkTemplate } from './checks.js';
import { didYouMean } from './did-you-mean.js';
import { type Checked, createFault, type Fault } from './fault.js';
import { createFaultList, type FaultList, type Findings } from './fault-list.js';
import { jsonPath, type Path } from './json-path.js';
import { type Scenario, scenarioSchema } from './scenario.js';
import type { SourceChecks } from './source-checks.js';
import { compileValidator } from './validator.js';

const validateScenario = compileValidator<Scenario>(scenarioSchema);

/** A suggestion compares with every recipient: beyond so many it would take too long. */
const MAX_COMPARED = 1000;

/**
 * Everything that can be said of a scenario: its frame, each of its parts, and whether they belong together. Paths lead
 * from the scenario's root: `$.template.stages.hello`, `$.responses[2].recipient`.
 */
export function checkScenario(document: unknown, checks: SourceChecks): Checked<Scenario> {
  const framed = validateScenario(document);
  if (!framed.ok) return { ok: false, faults: framed.faults, warnings: [], partial: true };
  const scenario = framed.value;
  const findings: Findings = { faults: createFaultList(), warnings: createFaultList() };
  const template = report(['template'], checkTemplate(scenario.template, checks), findings);
  const campaign = report(['campaign'], checkCampaign(scenario.campaign, template), findings);
  for (const [index, recipient] of scenario.recipients.entries()) {
    report(['recipients', index], checkRecipient(recipient), findings);
  }
  if (template && campaign) checkTogether(scenario, findings.faults);
  const faults = findings.faults.all();
  const warnings = findings.warnings.all();
  const partial = !(template && campaign);
  return faults.length > 0 ? { ok: false, faults, warnings, partial } : { ok: true, value: scenario, faults, warnings };
}

/** Hands on what was found in a part, under the part's path; the part itself where it is sound. */
function report<T>(path: Path, checked: Checked<T>, findings: Findings): T | undefined {
  const moved = (fault: Fault): Fault => ({ ...fault, path: jsonPath(path) + fault.path.slice(1) });
  for (const fault of checked.faults) findings.faults.add(() => moved(fault));
  for (const warning of checked.warnings) findings.warnings.add(() => moved(warning));
  return checked.ok ? checked.value : undefined;
}

function checkTogether(scenario: Scenario, faults: FaultList): void {
  const { template, campaign, responses = [], opt_outs = [] } = scenario;
  if (campaign.template_id !== template._id) {
    const expected = `the id of this template, ${template._id}`;
    faults.add(() =>
      createFault(['campaign', 'template_id'], `The campaign names another template: expected ${expected}.`, {
        found: campaign.template_id,
        expected,
      }),
    );
  }
  const known = checkRecipientsOnce(scenario, faults);
  const listed = campaign.recipients ?? [];
  for (const [index, id] of listed.entries()) {
    checkKnown(['campaign', 'recipients', index], id, known, faults);
  }
  const members = listed.length > 0 ? new Set(listed) : known;
  for (const [index, { recipient }] of responses.entries()) {
    checkKnown(['responses', index, 'recipient'], recipient, members, faults);
  }
  for (const [index, { recipient }] of opt_outs.entries()) {
    checkKnown(['opt_outs', index, 'recipient'], recipient, members, faults);
  }
}

/** The ids of all recipients; a fault for each that is given again. */
function checkRecipientsOnce({ recipients }: Scenario, faults: FaultList): ReadonlySet<string> {
  const first = new Map<string, number>();
  for (const [index, { _id: id }] of recipients.entries()) {
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    else {
      faults.add(() =>
        createFault(
          ['recipients', index, '_id'],
          `The recipient \`${id}\` is already given at $.recipients[${before}].`,
          {
            found: id,
            expected: 'each recipient once',
          },
        ),
      );
    }
  }
  return new Set(first.keys());
}

function checkKnown(path: Path, id: string, known: ReadonlySet<string>, faults: FaultList): void {
  if (known.has(id)) return;
  faults.add(() =>
    createFault(path, `No recipient \`${id}\` takes part in this scenario.`, {
      found: id,
      expected: 'the id of a recipient who takes part',
      hint: known.size <= MAX_COMPARED ? didYouMean(id, known) : undefined,
    }),
  );
}
