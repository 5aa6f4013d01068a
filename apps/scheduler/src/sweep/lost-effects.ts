import type { CampaignDocument } from '@campaign-manager/core/models';
import {
  campaignTime,
  inOpenBatches,
  type OpenConversation,
  openConversations,
  reopenBatch,
  unrecordedEffects,
} from '@campaign-manager/core/store';
import { repaired } from '@campaign-manager/runtime';
import type { SweepStep } from './step.js';

/** Conversations looked at in one sweep. All of them are come by in the course of time. */
const LIMIT = 500;
/** An effect that was decided this long ago has its row, or stands in an open batch. */
const SETTLED_MS = 60_000;

/**
 * Effects that were decided, but have neither a ledger row nor a notification record nor an open batch: nobody brings
 * them about. Their intent is stated once more, and the next step has it adopted. No crash leaves such a thing; a
 * ledger that was restored or tampered with does.
 */
export const sweepLostEffects: SweepStep = async (context, { now, campaigns, memory }) => {
  const { store } = context;
  const page = await memory
    .list<OpenConversation>('open conversations')
    .next((after, limit) => openConversations(store, limit, after), LIMIT);
  const running = new Map(campaigns.filter(({ status }) => status === 'running').map((one) => [one._id, one]));
  const old = page.flatMap((conversation) => oldEffects(conversation, running.get(conversation.campaign_id), now));
  if (old.length === 0) return;
  const unrecorded = await unrecordedEffects(
    store,
    old.map(({ effect }) => effect),
  );
  const suspects = old.filter(({ effect }) => unrecorded.has(effect.key)).map(({ conversation }) => conversation);
  if (suspects.length === 0) return;
  const cared = await inOpenBatches(
    store,
    suspects.map(({ _id }) => _id),
  );
  const reopened: string[] = [];
  for (const conversation of new Set(suspects)) {
    if (!cared.has(conversation._id) && (await reopenBatch(store, conversation, now))) reopened.push(conversation._id);
  }
  repaired(context, 'lost_effect', reopened, 'What conversations had decided was neither done nor about to be');
};

function oldEffects(conversation: OpenConversation, campaign: CampaignDocument | undefined, now: number) {
  // What is blocked brings its effects about when an operator lets it go on; a broken outbox fails its own decision.
  if (!campaign || conversation.status !== 'active' || !Array.isArray(conversation.outbox)) return [];
  const before = campaignTime(campaign, now) - SETTLED_MS;
  return conversation.outbox
    .filter(({ decided_at }) => decided_at <= before)
    .map((effect) => ({ conversation, effect }));
}
