import type { Content, MessageEffect } from '@campaign-manager/core/engine';
import type { CampaignDocument, MessageDocument, RecipientDocument } from '@campaign-manager/core/models';
import type { SpanPlace } from '@campaign-manager/runtime';

/** One message on its way to a channel. */
export interface Delivery {
  readonly effect: MessageEffect;
  readonly content: Content;
  readonly conversationId: string;
  readonly recipientId: string;
  readonly recipient: RecipientDocument | null;
  /** As it was when the message was decided or taken up again: the gate compares its revision. */
  readonly campaign: CampaignDocument;
  /** The ledger row of an earlier attempt. */
  readonly existing: MessageDocument | null;
  /** The span of the step that decided it, where that is traced. */
  readonly step?: SpanPlace | undefined;
}
