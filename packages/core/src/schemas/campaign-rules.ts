import type { CampaignInput } from './campaign.js';
import { expandDotted } from './dotted.js';
import { createFault, type Fault } from './fault.js';
import { createFaultList, type FaultList } from './fault-list.js';
import { checkStageExists } from './stage-names.js';
import type { CampaignTemplate } from './template.js';

/** What a schema cannot tell of a campaign. Whether its recipients exist is for the store to say. */
export function campaignRules(campaign: CampaignInput, template?: CampaignTemplate): readonly Fault[] {
  const faults = createFaultList();
  checkSchedule(campaign.schedule ?? {}, faults);
  checkRecipients(campaign.recipients ?? [], faults);
  if (template) {
    checkStageExists(['initial_stage'], campaign.initial_stage, new Set(Object.keys(template.stages)), faults);
  }
  const context = expandDotted(campaign.context_data ?? {});
  if (!context.ok) for (const fault of context.faults) faults.add(() => fault);
  return faults.all();
}

function checkSchedule(schedule: NonNullable<CampaignInput['schedule']>, faults: FaultList): void {
  const { start_date: start, end_date: end } = schedule;
  if (start === undefined || end === undefined || Date.parse(start) <= Date.parse(end)) return;
  faults.add(() =>
    createFault(['schedule', 'end_date'], `The campaign ends at ${end}, before it starts at ${start}.`, {
      found: end,
      expected: `a date not before ${start}`,
    }),
  );
}

function checkRecipients(recipients: readonly string[], faults: FaultList): void {
  const first = new Map<string, number>();
  for (const [index, id] of recipients.entries()) {
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    else {
      faults.add(() =>
        createFault(['recipients', index], `The recipient \`${id}\` is already listed at $.recipients[${before}].`, {
          found: id,
          expected: 'each recipient once',
        }),
      );
    }
  }
}
