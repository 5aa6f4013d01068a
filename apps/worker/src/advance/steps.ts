import type { ConversationEvent } from '@campaign-manager/core/engine';
import { isTracing, markError, type OpenSpan, openSpan, type SpanPlace } from '@campaign-manager/runtime';
import type { LoadedBatch } from './load.js';

export type StepOutcome = 'committed' | 'lost_race' | 'unchanged' | 'early' | 'waiting' | 'failed';

/** The spans of a batch's conversations, one step each. */
export interface Steps {
  /** Where what follows from a conversation's decision belongs. */
  place(id: string): SpanPlace | undefined;
  /** Says what came out of the decisions on some of them. */
  cameOut(conversations: readonly { readonly _id: string }[], outcome: StepOutcome): void;
  /** Says what one of them decided. */
  decided(id: string, events: readonly ConversationEvent[]): void;
  failed(id: string, error: Error): void;
}

/** Works on a batch with a span for each of its conversations; without any where nothing is traced. */
export async function inSteps<T>(batch: LoadedBatch, work: (steps: Steps | undefined) => Promise<T>): Promise<T> {
  if (!isTracing()) return work(undefined);
  const spans = new Map(batch.conversations.map((one) => [one._id, openStep(one)]));
  try {
    return await work(stepsOf(spans));
  } catch (error) {
    for (const span of spans.values()) markError(span, error);
    throw error;
  } finally {
    for (const span of spans.values()) span?.end();
  }
}

function openStep({ _id, campaign_id, current_stage }: LoadedBatch['conversations'][number]): OpenSpan | undefined {
  return openSpan('conversation.step', {
    attributes: { 'campaign.id': campaign_id, 'conversation.id': _id, 'conversation.stage': current_stage },
  });
}

function stepsOf(spans: ReadonlyMap<string, OpenSpan | undefined>): Steps {
  return {
    place: (id) => spans.get(id)?.spanContext(),
    cameOut: (conversations, outcome) => {
      for (const { _id } of conversations) spans.get(_id)?.setAttribute('decision.outcome', outcome);
    },
    decided: (id, events) => {
      spans.get(id)?.setAttribute('decision.events', [...new Set(events.map(({ type }) => type))]);
    },
    failed: (id, error) => {
      const span = spans.get(id);
      span?.setAttribute('decision.outcome', 'failed');
      markError(span, error);
    },
  };
}
