import type { Decision } from '@campaign-manager/core/engine';
import { type CampaignManager, decideWithManager } from '@campaign-manager/core/manager';
import type { SeenConversation } from '@campaign-manager/core/store';
import type { WorkerContext } from '../context.js';
import { type DecidedBatch, timelyInput } from './decide-batch.js';
import type { LoadedBatch } from './load.js';

/** How long custom logic may take for one conversation (design, section 4, "Custom logic"). */
const TIMEOUT_MS = 1000;
/** Conversations that it is asked about at once: a module that waits for others must not wait for one after the other. */
const AT_ONCE = 50;

/** Decides a batch again by custom logic, where a module is configured. Its faults block the conversation, and only that. */
export async function consultManager(
  context: WorkerContext,
  batch: LoadedBatch,
  decided: DecidedBatch,
): Promise<DecidedBatch> {
  const { manager } = context;
  if (!manager) return decided;
  const decisions: { seen: SeenConversation; decision: Decision }[] = [];
  const failed = [...decided.failed];
  for (let start = 0; start < decided.decisions.length; start += AT_ONCE) {
    const asked = decided.decisions.slice(start, start + AT_ONCE).map(({ seen }) => seen);
    const answers = await Promise.allSettled(asked.map((seen) => decideOne(context, manager, batch, seen)));
    for (const [index, seen] of asked.entries()) {
      const answer = answers[index];
      if (answer?.status === 'fulfilled') decisions.push({ seen, decision: answer.value });
      else failed.push({ id: seen._id, error: answer?.reason as Error });
    }
  }
  return { ...decided, decisions, failed };
}

function decideOne(
  { logger }: WorkerContext,
  manager: CampaignManager,
  batch: LoadedBatch,
  seen: SeenConversation,
): Promise<Decision> {
  return decideWithManager(manager, timelyInput(batch, seen), {
    timeoutMs: TIMEOUT_MS,
    onError: (err) => logger.error({ err, conversation_id: seen._id }, 'Custom logic failed for a conversation'),
  });
}
