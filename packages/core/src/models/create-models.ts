import type { Connection, Model } from 'mongoose';
import type * as documents from './documents.js';
import * as schemas from './schemas.js';

/** Every collection of the system as a Mongoose model. */
export interface Models {
  readonly templates: Model<documents.TemplateDocument>;
  readonly campaigns: Model<documents.CampaignDocument>;
  readonly recipients: Model<documents.RecipientDocument>;
  readonly audienceMembers: Model<documents.AudienceMemberDocument>;
  readonly conversations: Model<documents.ConversationDocument>;
  readonly conversationEvents: Model<documents.ConversationEventDocument>;
  readonly openBatches: Model<documents.OpenBatchDocument>;
  readonly messages: Model<documents.MessageDocument>;
  readonly responses: Model<documents.ResponseDocument>;
  readonly escalations: Model<documents.EscalationDocument>;
  readonly suppressions: Model<documents.SuppressionDocument>;
  readonly channels: Model<documents.ChannelDocument>;
  readonly apiKeys: Model<documents.ApiKeyDocument>;
  readonly auditLog: Model<documents.AuditDocument>;
  readonly installation: Model<documents.InstallationDocument>;
}

/** Registers every model on a connection. Indexes are made by `migrate`, never by whoever starts first. */
export function createModels(connection: Connection): Models {
  return {
    templates: connection.model<documents.TemplateDocument>('Template', schemas.templateModelSchema),
    campaigns: connection.model<documents.CampaignDocument>('Campaign', schemas.campaignModelSchema),
    recipients: connection.model<documents.RecipientDocument>('Recipient', schemas.recipientModelSchema),
    audienceMembers: connection.model<documents.AudienceMemberDocument>(
      'AudienceMember',
      schemas.audienceMemberModelSchema,
    ),
    conversations: connection.model<documents.ConversationDocument>('Conversation', schemas.conversationModelSchema),
    conversationEvents: connection.model<documents.ConversationEventDocument>(
      'ConversationEvent',
      schemas.conversationEventModelSchema,
    ),
    openBatches: connection.model<documents.OpenBatchDocument>('OpenBatch', schemas.openBatchModelSchema),
    messages: connection.model<documents.MessageDocument>('Message', schemas.messageModelSchema),
    responses: connection.model<documents.ResponseDocument>('Response', schemas.responseModelSchema),
    escalations: connection.model<documents.EscalationDocument>('Escalation', schemas.escalationModelSchema),
    suppressions: connection.model<documents.SuppressionDocument>('Suppression', schemas.suppressionModelSchema),
    channels: connection.model<documents.ChannelDocument>('Channel', schemas.channelModelSchema),
    apiKeys: connection.model<documents.ApiKeyDocument>('ApiKey', schemas.apiKeyModelSchema),
    auditLog: connection.model<documents.AuditDocument>('Audit', schemas.auditModelSchema),
    installation: connection.model<documents.InstallationDocument>('Installation', schemas.installationModelSchema),
  };
}
