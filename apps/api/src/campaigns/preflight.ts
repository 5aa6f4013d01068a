import { type CompiledTemplate, type CompiledText, initialState, textVariables } from '@campaign-manager/core/engine';
import type { AudienceMemberDocument, CampaignDocument, RecipientDocument } from '@campaign-manager/core/models';
import { expandDotted, type Fault } from '@campaign-manager/core/schemas';
import { loadRecipients, type Store } from '@campaign-manager/core/store';

/** A variable of the template, and the recipients that have no value for it. */
interface MissingVariable {
  readonly variable: string;
  readonly recipients: number;
  readonly examples: readonly string[];
}

/** What would go wrong if a campaign were launched with this audience. */
export interface Preflight {
  readonly audience: number;
  readonly missing: readonly MissingVariable[];
  readonly warnings: readonly Fault[];
}

export type Member = Pick<AudienceMemberDocument, '_id' | 'recipient_id' | 'context'>;
type Campaign = Pick<CampaignDocument, '_id' | 'name' | 'type' | 'channel' | 'context_data' | 'missing_variables'>;

const EXAMPLES = 5;
/** Known only once the conversation runs. */
const LATER_ROOTS: ReadonlySet<string> = new Set(['response', 'campaign', 'conversation']);

/**
 * Renders every text of the template for every member, just as sending would do it, and counts who lacks a value;
 * replies are not known yet (design, section 4, "Mustache"). Holds one page of the audience at a time.
 */
export async function preflight(
  store: Store,
  campaign: Campaign,
  template: CompiledTemplate,
  pages: AsyncIterable<readonly Member[]>,
): Promise<Preflight> {
  const texts = textsOf(template);
  const facts = factsOf(campaign);
  const missing = new Map<string, Tally>();
  const unreachable: Tally = { count: 0, examples: [] };
  let audience = 0;
  for await (const members of pages) {
    const recipients = await loadRecipients(
      store,
      members.map(({ recipient_id }) => recipient_id),
    );
    audience += members.length;
    for (const { _id, recipient_id, context } of members) {
      const recipient: RecipientDocument = recipients.get(recipient_id) ?? { _id: recipient_id };
      const state = initialState(template.initial_stage, 0, context);
      const variables = textVariables({ campaign: facts, recipient, conversation_id: _id }, state);
      for (const variable of missingIn(texts, variables)) count(missing, variable, recipient_id);
      if (campaign.channel === 'email' && !hasEmail(recipient)) add(unreachable, recipient_id);
    }
  }
  return {
    audience,
    missing: [...missing].map(([variable, tally]) => ({
      variable,
      recipients: tally.count,
      examples: tally.examples,
    })),
    warnings: unreachable.count > 0 ? [unreachableWarning(unreachable)] : [],
  };
}

interface Tally {
  count: number;
  readonly examples: string[];
}

function add(tally: Tally, id: string): void {
  tally.count += 1;
  if (tally.examples.length < EXAMPLES) tally.examples.push(id);
}

function count(tallies: Map<string, Tally>, variable: string, id: string): void {
  const tally = tallies.get(variable) ?? { count: 0, examples: [] };
  add(tally, id);
  tallies.set(variable, tally);
}

function textsOf(template: CompiledTemplate): CompiledText[] {
  const messages = [...template.stages.values()].flatMap((stage) => stage.messages);
  return messages
    .flatMap(({ subject, text, conditional, follow_up_texts }) => [
      ...(subject ? [subject] : []),
      text,
      ...conditional.map((alternative) => alternative.text),
      ...follow_up_texts,
    ])
    .filter(({ variables }) => variables.length > 0);
}

function missingIn(texts: readonly CompiledText[], variables: Parameters<CompiledText['render']>[0]): Set<string> {
  const missing = texts.flatMap((text) => text.render(variables).missing);
  return new Set(missing.filter((name) => !LATER_ROOTS.has(name.split('.', 1)[0] ?? '')));
}

/** The end does not matter: nothing is decided here. */
function factsOf({ _id, name, type, context_data, missing_variables }: Campaign) {
  const context = expandDotted(context_data ?? {});
  return { id: _id, name, type, context: context.ok ? context.value : {}, end_at: null, missing_variables };
}

function hasEmail({ email }: RecipientDocument): boolean {
  return typeof email === 'string' && email !== '';
}

function unreachableWarning({ count, examples }: Tally): Fault {
  const who = count === 1 ? '1 recipient has' : `${count} recipients have`;
  return {
    path: '$.recipients',
    message: `${who} no \`email\`, which the channel needs: ${examples.join(', ')}${count > EXAMPLES ? ', ...' : ''}.`,
    found: `${count}`,
    expected: 'an email address',
  };
}
