import { randomUUID } from 'node:crypto';
import { assertNever, type Command, parseMessageKey, resendKey } from '@campaign-manager/core/engine';
import type { CampaignDocument, ConversationDocument } from '@campaign-manager/core/models';
import {
  addEvent,
  ConflictError,
  campaignTime,
  loadCampaign,
  loadMessages,
  loadTemplate,
  NotFoundError,
} from '@campaign-manager/core/store';
import type { ApiContext } from '../context.js';
import { addAdvances } from '../jobs.js';
import { ApiError, invalidDocument } from '../problems/api-error.js';

/**
 * Puts an operator's command into a conversation's inbox and has it decided at once. Answers the id of the event: a
 * second one with the same id changes nothing.
 * @throws ConflictError where the conversation is completed; ApiError `unavailable` where its inbox is full.
 */
export async function tell(
  context: ApiContext,
  conversation: Pick<ConversationDocument, '_id' | 'campaign_id'>,
  command: Command,
  by: string,
  id: string = randomUUID(),
): Promise<string> {
  const { store, clock } = context;
  const { _id } = conversation;
  const campaign = await loadCampaign(store, conversation.campaign_id);
  const added = await addEvent(store, _id, {
    id,
    type: 'command',
    at: campaignTime(campaign, clock.now()),
    by,
    command: inCampaignTime(command, campaign),
  });
  switch (added) {
    case 'added':
    case 'duplicate':
      await addAdvances(context, [_id]);
      return id;
    case 'completed':
    case 'erased':
      throw new ConflictError(`Conversation '${_id}' is completed.`);
    case 'missing':
      throw new NotFoundError('conversation', _id);
    case 'full':
      throw new ApiError('unavailable', 'Too many events wait in this conversation; try again.', {
        headers: { 'retry-after': '5' },
      });
    default:
      return assertNever(added);
  }
}

/** Refuses what the engine could not do: stages that there are not, messages that need no second sending. */
export async function refuseSenseless(
  context: Pick<ApiContext, 'store'>,
  conversation: ConversationDocument,
  command: Command,
): Promise<void> {
  if (command.name === 'advance' && command.to !== undefined) await needStage(context, conversation, command.to);
  if (command.name === 'resend') await needResendable(context, conversation, command.key);
}

async function needStage(
  { store }: Pick<ApiContext, 'store'>,
  { campaign_id }: ConversationDocument,
  stage: string,
): Promise<void> {
  const { template_id, template_version } = await loadCampaign(store, campaign_id);
  const template = await loadTemplate(store, template_id, template_version ?? undefined);
  const stages = Object.keys(template?.template.stages ?? {});
  if (stages.includes(stage)) return;
  const expected = `one of ${stages.join(', ')}`;
  const message = `There is no stage \`${stage}\`: expected ${expected}.`;
  throw invalidDocument([{ path: '$.to', message, found: stage, expected }]);
}

async function needResendable(
  { store }: Pick<ApiContext, 'store'>,
  { _id }: ConversationDocument,
  key: string,
): Promise<void> {
  const rows = parseMessageKey(_id, key) ? await loadMessages(store, [key, resendKey(key)]) : [];
  const row = rows.find((candidate) => candidate._id === key);
  if (!row) throw new NotFoundError('message', key);
  if (rows.length > 1) throw new ConflictError(`Message '${key}' was sent again already.`);
  if (row.status === 'unknown' || row.status === 'abandoned') return;
  throw new ConflictError(`Message '${key}' is ${row.status}; only an unknown or abandoned one is sent again.`);
}

function inCampaignTime(command: Command, { paused_ms }: CampaignDocument): Command {
  return command.name === 'snooze' ? { ...command, until: command.until - paused_ms } : command;
}
