import {
  askedNumber,
  type CampaignFacts,
  type CompiledTemplate,
  compileTemplate,
  type InboxEvent,
  knownIntents,
  type Run,
  runConversation,
  type Send,
} from '@campaign-manager/core/engine';
import { expandDotted } from '@campaign-manager/core/schemas';
import { type ExpectedAnswers, meaningOf, ownText } from '@campaign-manager/mail';
import type { Person } from './audience.js';
import { replyId } from './message-key.js';
import { reactTo } from './reactions.js';
import type { Scenario } from './scenario.js';
import { DELAY_FACTOR, HOUR_MS } from './time.js';

/** Which answers of a person reach the system; all of them unless a test wants to see what would happen otherwise. */
type Delivered = (send: Send) => boolean;

/**
 * Lives the conversation of one person on a virtual clock, with the rules that run live and the person's own answers.
 * Starts at 0. Pure.
 */
export function predict(scenario: Scenario, person: Person, delivered: Delivered = () => true): Run {
  const template = compile(scenario);
  const expected = { intents: knownIntents(template), number: askedNumber(template) };
  return runConversation({
    conversation_id: `${scenario.campaign._id}/${person.recipient._id}`,
    template,
    campaign: factsOf(scenario),
    recipient: person.recipient,
    context: expanded(person.member.context),
    start: 0,
    react: (send, at) => (delivered(send) ? answers(person, send, at, expected) : []),
  });
}

export function compile({ template }: Scenario): CompiledTemplate {
  return compileTemplate(template, DELAY_FACTOR);
}

/** The answer as it will be read from its mail. */
function answers({ persona }: Person, { effect }: Send, at: number, expected: ExpectedAnswers): InboxEvent[] {
  const reaction = reactTo(persona, effect);
  if (!reaction) return [];
  const text = ownText(reaction.says);
  const arrival = at + reaction.delay_hours * HOUR_MS;
  return [{ id: replyId(effect.key), type: 'response', at: arrival, text, ...meaningOf(text, expected) }];
}

function factsOf({ campaign, template }: Scenario): CampaignFacts {
  return {
    id: campaign._id,
    name: campaign.name,
    type: campaign.type ?? template.type,
    context: expanded(campaign.context_data),
    ...(campaign.initial_stage !== undefined && { initial_stage: campaign.initial_stage }),
    end_at: null,
    missing_variables: campaign.missing_variables ?? 'error',
  };
}

function expanded(context: object | undefined) {
  const result = expandDotted(context ?? {});
  return result.ok ? result.value : {};
}
