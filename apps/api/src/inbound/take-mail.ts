import { assertNever } from '@campaign-manager/core/engine';
import { listMessages, noteBounce, optOutOfConversation, optOutOfMessage } from '@campaign-manager/core/store';
import {
  type Classified,
  classify,
  type Envelope,
  type InboundMail,
  parseMail,
  type Tokens,
} from '@campaign-manager/mail';
import { addAdvances } from '../jobs.js';
import type { HandIn } from '../responses/hand-in.js';
import type { InboundContext } from './context.js';
import type { ExpectedAnswersOf } from './expected-answers.js';
import { type Found, findConversation } from './find-conversation.js';
import { isFromElsewhere, responseId, toResponse } from './to-response.js';

/** What a mail counted as. */
export type TakenAs =
  | 'reply'
  | 'auto_reply'
  | 'bounce_hard'
  | 'bounce_soft'
  | 'complaint'
  | 'unsubscribe'
  | 'unrecognised';

/** What became of a mail: taken, with all that follows from it stored; or refused for good, with an SMTP reply. */
export type Verdict =
  | { readonly as: TakenAs; readonly conversationId?: string }
  | { readonly as: 'refused'; readonly code: number; readonly text: string };

const NOBODYS: Verdict = {
  as: 'refused',
  code: 550,
  text: '5.1.1 This mail answers none of ours: please use the reply function of your mail program',
};
const UNREADABLE: Verdict = { as: 'refused', code: 554, text: '5.6.0 This mail cannot be read' };

/** Messages of one conversation; a conversation has far fewer. */
const MAX_MESSAGES = 1000;

export interface TakeMailDeps {
  readonly context: InboundContext;
  readonly tokens: Tokens;
  readonly expectedAnswersOf: ExpectedAnswersOf;
  readonly handIn: HandIn;
}

/**
 * Takes a mail: when it answers, the response, the suppression or the opt-out is in MongoDB. Doing it again changes
 * nothing. Rejects where MongoDB cannot be reached: then the mail is not taken, and its sender tries again.
 */
export async function takeMail(deps: TakeMailDeps, raw: Buffer, envelope: Envelope): Promise<Verdict> {
  const mail = await parseMail(raw);
  if (!mail) return UNREADABLE;
  const classified = classify(mail, envelope, deps.tokens);
  if (classified.kind === 'auto_reply') return { as: 'auto_reply' };
  const found = await findConversation(deps.context.store, classified.owner);
  return found ? take(deps, { mail, raw, classified, found }) : withoutOwner(classified);
}

interface Mail {
  readonly mail: InboundMail;
  readonly raw: Buffer;
  readonly classified: Classified;
  readonly found: Found;
}

/** People are told that their mail found nobody; machines would only report on that in their turn. */
function withoutOwner({ kind }: Classified): Verdict {
  return kind === 'reply' || kind === 'unsubscribe' ? NOBODYS : { as: 'unrecognised' };
}

async function take(deps: TakeMailDeps, { mail, raw, classified, found }: Mail): Promise<Verdict> {
  const { context } = deps;
  const id = responseId(mail, raw, found.id);
  const conversationId = found.id;
  switch (classified.kind) {
    case 'reply':
      await takeReply(deps, mail, id, found);
      return { as: 'reply', conversationId };
    case 'unsubscribe':
      await optOut(context, 'unsubscribe', classified, found, id);
      return { as: 'unsubscribe', conversationId };
    case 'complaint':
      await optOut(context, 'complaint', classified, found, id);
      return { as: 'complaint', conversationId };
    case 'bounce':
      if (classified.severity === 'hard') await takeBounce(context, classified.detail, classified, found);
      return { as: `bounce_${classified.severity}`, conversationId };
    case 'auto_reply':
    case 'unrecognised':
      return { as: classified.kind, conversationId };
    default:
      return assertNever(classified);
  }
}

async function takeReply(
  { context, expectedAnswersOf, handIn }: TakeMailDeps,
  mail: InboundMail,
  id: string,
  found: Found,
) {
  const { store, clock } = context;
  const expected = await expectedAnswersOf(found.campaignId);
  const elsewhere = await isFromElsewhere(store, mail, found.recipientId);
  const response = toResponse(mail, id, found, expected, clock.now());
  await handIn({ ...response, ...(elsewhere && { from_other_address: true }) });
}

/** Of the address that the message went to, where it is known which; else of all that the conversation wrote to. */
async function optOut(
  context: InboundContext,
  reason: 'unsubscribe' | 'complaint',
  { owner: { messageKey } }: Classified,
  found: Found,
  source: string,
): Promise<void> {
  const { store, clock } = context;
  const at = clock.now();
  const byMessage = messageKey === undefined ? null : await optOutOfMessage(store, messageKey, { reason, at });
  const wake = byMessage ?? (await optOutOfConversation(store, found.id, { reason, source, at }));
  await addAdvances(context, wake ?? []);
}

async function takeBounce(context: InboundContext, detail: string, { owner }: Classified, found: Found): Promise<void> {
  const { store, clock } = context;
  const messageKey = owner.messageKey ?? (await latestMail(context, found));
  if (messageKey === undefined) return;
  await addAdvances(context, (await noteBounce(store, { messageKey, detail, at: clock.now() })) ?? []);
}

/** Which message it was, where the report does not say: the last one is the likeliest, and all went to one address. */
async function latestMail({ store }: InboundContext, { id }: Found): Promise<string | undefined> {
  const rows = await listMessages(store, { conversationId: id }, undefined, '', MAX_MESSAGES);
  return rows
    .filter(({ channel, status }) => channel === 'email' && status !== 'cancelled')
    .sort((a, b) => b.claimed_at - a.claimed_at)[0]?._id;
}
