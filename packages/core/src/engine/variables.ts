import type { CampaignFacts, ConversationState, DecideInput, Variables } from './types.js';

/** Roots that texts and conditions see beside the context; a context may not use these names. */
export const RESERVED_ROOTS = ['recipient', 'response', 'campaign', 'conversation'] as const;

type Source = Pick<DecideInput, 'campaign' | 'recipient' | 'conversation_id'>;

/** What a text can look up: the context at the top level, and the reserved roots (design, section 4, "Mustache"). */
export function textVariables(source: Source, state: ConversationState): Variables {
  return { ...mergedContext(source.campaign, state), ...roots(source, state), response: state.response_fields };
}

/** What a condition can look up: the reserved roots and `context` (design, section 4, "conditional_templates"). */
export function conditionVariables(source: Source, state: ConversationState): Variables {
  return {
    ...roots(source, state),
    context: mergedContext(source.campaign, state),
    response: knownResponse(state),
  };
}

/**
 * The fields that texts see, with the intent and the text of the latest reply alone: a postscript does not take back the
 * rating that came before it, but an acceptance of last week is not what the latest reply says.
 */
function knownResponse({ response_fields, latest_response }: ConversationState): Variables {
  const { intent: _intent, text: _text, ...fields } = response_fields;
  return { ...fields, ...latest_response };
}

function roots({ campaign, recipient, conversation_id }: Source, state: ConversationState): Variables {
  return {
    recipient,
    campaign: { id: campaign.id, name: campaign.name, type: campaign.type },
    conversation: {
      id: conversation_id,
      stage: state.current_stage,
      visit: state.stage_visit,
      responses: state.response_count,
    },
  };
}

/** The campaign's context with the conversation's own over it. */
export function mergedContext(campaign: CampaignFacts, state: ConversationState): Variables {
  return mergeDeep(campaign.context, state.context);
}

/** The member's values over the campaign's, object by object. Own properties only. */
function mergeDeep(base: Variables, over: Variables): Variables {
  const merged: { [name: string]: unknown } = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = Object.hasOwn(base, name) ? base[name] : undefined;
    merged[name] = isPlainObject(value) && isPlainObject(below) ? mergeDeep(below, value) : value;
  }
  return merged;
}

function isPlainObject(value: unknown): value is Variables {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
