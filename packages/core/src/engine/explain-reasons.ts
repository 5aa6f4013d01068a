import type { CompiledTemplate } from './types.js';

/** Words for the reasons of decisions, to follow "because". */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['response', 'the replies that the stage waits for have come and its minimum duration has passed'],
  ['messages_sent', 'all messages of the stage have been sent and its minimum duration has passed'],
  ['max_duration', "the stage's maximum duration has passed"],
  ['follow_ups_exhausted', 'the follow-ups of the stage are used up and the reply that it waits for has not come'],
  ['operator', 'an operator said so'],
  ['custom', 'custom logic said so'],
  ['all_stages_completed', 'the last stage is over'],
  ['advance_on_failure', 'the last stage is over without the reply that it waits for'],
  ['loop_limit', 'the stage that would follow was visited as often as it may be'],
  ['campaign_ended', 'the campaign is over'],
  ['campaign_cancelled', 'the campaign was cancelled'],
  ['opt_out', 'the recipient wants no further messages'],
  ['undeliverable', 'a message cannot be delivered'],
  ['missing_variable', 'a text needs a value that is missing'],
  ['unknown_stage', 'the template has no such stage'],
  ['failed_repeatedly', 'deciding it failed again and again'],
  ['custom_logic_failed', 'custom logic failed'],
  ['custom_logic_timeout', 'custom logic did not answer in time'],
  ['custom_logic_invalid_answer', 'custom logic gave an answer that cannot be used'],
  ['custom_logic_unknown_stage', 'custom logic named a stage that the template lacks'],
  // Of what is withdrawn or resolved.
  ['satisfied', 'the replies that the stage waits for have come'],
  ['advanced', 'the stage is over'],
  ['completed', 'the conversation ends'],
]);

/** `because ...`, for a reason such as `missing_variable: recipient.first_name`; what is not known stands as it is. */
export function because(reason: string | undefined, template: CompiledTemplate): string {
  if (reason === undefined) return '';
  const intent = quoted(template.completing_intent ?? '');
  if (reason === 'specific_response_received') return `because the reply with the intent ${intent} has come`;
  if (reason === 'specific_response_not_received') {
    return `because the last stage is over without the reply with the intent ${intent}`;
  }
  const [code = '', ...detail] = reason.split(': ');
  const words = REASONS.get(code);
  if (words === undefined) return `because of: ${reason}`;
  return `because ${words}${detail.length > 0 ? ` (${detail.join(': ')})` : ''}`;
}

export function quoted(text: string): string {
  return JSON.stringify(text);
}
