import { compileTemplate, hoursToMs } from '../engine/compile-template.js';
import { conversationId } from '../engine/keys.js';
import { type RunInput, runConversation } from '../engine/run-conversation.js';
import type { InboxEvent } from '../engine/types.js';
import type { Recipient } from '../schemas/recipient.js';
import type { Scenario } from '../schemas/scenario.js';
import { campaignFacts } from './campaign-facts.js';
import { type Schedule, scheduleOf } from './schedule.js';
import { eventsOf, inOrder, type Placed, type SimulatedEvent } from './timeline.js';

/** A scenario as `checkScenario` lets it pass. */
export type ScenarioInput = Readonly<Scenario>;

/**
 * Lives every conversation of a validated scenario on a virtual clock, through the same `decide` that runs live, and tells
 * what happens in order of time. Every message arrives the moment it is due. Pure.
 *
 * - A campaign that lists `recipients` runs with those, in the order of the scenario; else with all.
 * - Launched before its `start_date`, a campaign begins then. Replies that come before are nobody's and are left out, as is
 *   what comes after the end of a conversation. Who opted out before is let go at the start, without a message.
 * - What falls on `until_hours` still happens; what comes later does not.
 */
export function simulateScenario(scenario: ScenarioInput): SimulatedEvent[] {
  const { template, campaign, factor = 1 } = scenario;
  const schedule = scheduleOf(campaign, scenario.start);
  const until = scenario.until_hours === undefined ? Number.POSITIVE_INFINITY : hoursToMs(scenario.until_hours);
  if (schedule.entryMs > until) return [];
  const common = {
    template: compileTemplate(template, factor),
    campaign: campaignFacts(campaign, template, {
      end_at: schedule.endMs,
      missing_variables: campaign.missing_variables ?? 'error',
    }),
    context: {},
    start: schedule.entryMs,
    until,
  } satisfies Partial<RunInput>;
  const inputs = inputsByRecipient(scenario, schedule);
  const placed: Placed[] = [];
  for (const [place, recipient] of members(scenario).entries()) {
    const conversation_id = conversationId(campaign._id, recipient._id);
    const run = runConversation({ ...common, conversation_id, recipient, events: inputs.get(recipient._id) ?? [] });
    for (const event of eventsOf(run, recipient._id, place)) placed.push(event);
  }
  return inOrder(placed);
}

function members({ campaign, recipients }: ScenarioInput): readonly Recipient[] {
  const listed = new Set(campaign.recipients);
  return listed.size === 0 ? recipients : recipients.filter(({ _id }) => listed.has(_id));
}

/** What each recipient does, as events of the engine: responses before opt-outs of the same instant. */
function inputsByRecipient(scenario: ScenarioInput, { entryMs }: Schedule): ReadonlyMap<string, readonly InboxEvent[]> {
  const inputs = new Map<string, InboxEvent[]>();
  const add = (recipient: string, event: InboxEvent) => {
    const known = inputs.get(recipient);
    if (known) known.push(event);
    else inputs.set(recipient, [event]);
  };
  for (const [index, { recipient, at_hours, ...answer }] of (scenario.responses ?? []).entries()) {
    const at = hoursToMs(at_hours);
    if (at >= entryMs) add(recipient, { id: `response-${index}`, type: 'response', at, ...answer });
  }
  for (const [index, { recipient, at_hours }] of (scenario.opt_outs ?? []).entries()) {
    add(recipient, { id: `opt-out-${index}`, type: 'opt_out', at: Math.max(entryMs, hoursToMs(at_hours)) });
  }
  return inputs;
}
