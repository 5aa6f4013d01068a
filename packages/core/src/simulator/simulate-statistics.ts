import { compileTemplate } from '../engine/compile-template.js';
import { conversationId } from '../engine/keys.js';
import { runConversation } from '../engine/run-conversation.js';
import type { CampaignFacts } from '../engine/types.js';
import type { CampaignInput } from '../schemas/campaign.js';
import type { ResponseModel } from '../schemas/response-model.js';
import type { CampaignTemplate } from '../schemas/template.js';
import { createRecipient } from './answers.js';
import { campaignFacts } from './campaign-facts.js';
import { createRandom } from './random.js';
import type { SimulationReport } from './report.js';
import { scheduleOf } from './schedule.js';
import { createTally } from './tally.js';

/** Validated documents: `checkTemplate`, `checkResponseModel`, `checkCampaign`. */
export interface StatisticsInput {
  readonly template: CampaignTemplate;
  /** How many take part. */
  readonly recipients: number;
  readonly responses: ResponseModel;
  /** A whole number, of which the lower 32 bits count. */
  readonly seed: number;
  /** Gives context, first stage and end; without it, the template alone with no end. */
  readonly campaign?: CampaignInput;
  /** When the campaign is launched (ISO time); needed for its `end_date` to count where it has no `start_date`. */
  readonly start?: string;
}

/**
 * Lives as many conversations as asked, each with a recipient who answers by the response model, and adds up what
 * happens. Pure: the same input gives the same report. Nothing of a conversation is kept, so memory does not grow with
 * their number. All begin at once: day 0 and hour 0 are the launch, or the later `start_date`. These
 * recipients have no attributes, so texts are rendered with gaps and conditions on `recipient.*` are false.
 */
export function simulateStatistics(input: StatisticsInput): SimulationReport {
  const { recipients, responses, seed } = input;
  const template = compileTemplate(input.template, 1);
  const campaign = factsOf(input);
  const random = createRandom(seed);
  const tally = createTally(template);
  for (let number = 1; number <= recipients; number++) {
    const run = runConversation({
      conversation_id: conversationId(campaign.id, `recipient_${number}`),
      template,
      campaign,
      recipient: {},
      context: {},
      start: 0,
      react: createRecipient(responses, random),
    });
    tally.count(run.events);
  }
  const outcomes = tally.report();
  const total = (field: 'messages' | 'follow_ups' | 'responses' | 'escalations') =>
    outcomes.stages.reduce((sum, stage) => sum + stage[field], 0);
  const [messages, followUps] = [total('messages'), total('follow_ups')];
  return {
    template: { id: template.id, name: template.name },
    recipients,
    seed,
    messages: { total: messages, follow_ups: followUps, follow_up_share: messages === 0 ? 0 : followUps / messages },
    responses: total('responses'),
    escalations: total('escalations'),
    ...outcomes,
  };
}

function factsOf({ template, campaign, start }: StatisticsInput): CampaignFacts {
  const standIn: CampaignInput = { _id: 'simulation', name: template.name, template_id: template._id };
  const given = campaign ?? standIn;
  return campaignFacts(given, template, { end_at: endAfterEntry(given, start), missing_variables: 'empty' });
}

/** Milliseconds from the beginning of the conversations to the end of the campaign; null: it has none. */
function endAfterEntry(campaign: CampaignInput, start: string | undefined): number | null {
  const launch = start ?? campaign.schedule?.start_date;
  if (launch === undefined) return null;
  const { entryMs, endMs } = scheduleOf(campaign, launch);
  return endMs === null ? null : endMs - entryMs;
}
