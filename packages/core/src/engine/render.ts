import { singleLine } from './text.js';
import type { CompiledMessage, CompiledText, Content, ConversationState, DecideInput, MessageEffect } from './types.js';
import { conditionVariables, textVariables } from './variables.js';

export interface Rendered {
  readonly content: Content;
  /** Variables that had no value, such as `recipient.first_name`. */
  readonly missing: readonly string[];
}

type Source = Pick<DecideInput, 'template' | 'campaign' | 'recipient' | 'conversation_id'>;

/** The text of one sending as the recipient will read it; null where the template lacks the message. */
export function renderMessage(source: Source, state: ConversationState, effect: MessageEffect): Rendered | null {
  const stage = source.template.stages.get(effect.stage);
  const message = stage?.messages[effect.index];
  if (!stage || !message) return null;
  const variables = textVariables(source, state);
  const body = chooseText(message, effect, () => conditionVariables(source, state)).render(variables);
  const subject = message.subject?.render(variables) ?? { text: stage.title, missing: [] };
  const prefix = effect.ordinal > 0 ? 'Re: ' : '';
  return {
    content: { subject: singleLine(prefix + subject.text), body: body.text },
    missing: [...new Set([...subject.missing, ...body.missing])],
  };
}

function chooseText(
  message: CompiledMessage,
  effect: MessageEffect,
  variables: () => ReturnType<typeof conditionVariables>,
): CompiledText {
  const own = effect.follow_up === undefined ? undefined : message.follow_up_texts[effect.follow_up];
  if (own) return own;
  if (message.conditional.length === 0) return message.text;
  const seen = variables();
  return message.conditional.find(({ condition }) => condition.test(seen))?.text ?? message.text;
}
