import { Schema } from 'mongoose';
import { CAMPAIGN_STATUSES, CHANNEL_NAMES, DELIVERY_POLICIES } from '../schemas/campaign.js';
import type {
  ApiKeyDocument,
  AudienceMemberDocument,
  AuditDocument,
  CampaignDocument,
  ChannelDocument,
  ConversationDocument,
  ConversationEventDocument,
  EscalationDocument,
  InstallationDocument,
  MessageDocument,
  OpenBatchDocument,
  RecipientDocument,
  ResponseDocument,
  SuppressionDocument,
  TemplateDocument,
} from './documents.js';
import { OPEN_ROW_STATUSES, ROW_STATUSES, UNSENT_STATUSES } from './documents.js';

const { Mixed } = Schema.Types;
/** `minimize: false` keeps empty objects; ids are ours, and documents carry their own version. */
const options = (collection: string) => ({ collection, versionKey: false as const, minimize: false, autoIndex: false });
const required = <T>(type: T) => ({ type, required: true as const });

export const templateModelSchema = new Schema<TemplateDocument>(
  {
    _id: required(String),
    template_id: required(String),
    version: required(Number),
    template: required(Mixed),
    created_at: required(Date),
  },
  options('campaign_templates'),
).index({ template_id: 1, version: -1 }, { unique: true });

export const campaignModelSchema = new Schema<CampaignDocument>(
  {
    _id: required(String),
    name: required(String),
    template_id: required(String),
    type: required(String),
    initial_stage: String,
    context_data: Mixed,
    schedule: Mixed,
    status: { type: String, required: true, enum: CAMPAIGN_STATUSES },
    result: String,
    template_version: Number,
    delay_factor: Number,
    channel: { type: String, required: true, enum: CHANNEL_NAMES },
    delivery_policy: { type: String, enum: [...DELIVERY_POLICIES, null] },
    missing_variables: required(String),
    revision: required(Number),
    started_at: Number,
    paused_at: Number,
    paused_ms: required(Number),
    ended_at: Number,
    resumed_at: Number,
    cancelled_at: Number,
    doubt_until: Number,
    restored_at: Number,
    history_removed_at: Number,
    start_at: Number,
    end_at: Number,
    conversation_states_initialized: required(Boolean),
    initialize_cursor: { type: String, default: '' },
    initialized_at: Number,
    open_imports: [{ _id: false, id: String, until: Number }],
    metadata: Mixed,
    created_at: required(Date),
    created_by: String,
  },
  options('campaigns'),
)
  .index({ ended_at: 1, status: 1, _id: 1 })
  .index({ 'open_imports.until': 1 })
  .index({ history_removed_at: 1, ended_at: 1 });

export const recipientModelSchema = new Schema<RecipientDocument>(
  { _id: required(String) },
  { ...options('recipients'), strict: false },
);

export const audienceMemberModelSchema = new Schema<AudienceMemberDocument>(
  { _id: required(String), campaign_id: required(String), recipient_id: required(String), context: Mixed },
  options('audience_members'),
);

/**
 * The due-time index leads with the campaign: each running campaign is scanned on its own, which gives fairness,
 * priority and pausing without further writes. It holds open conversations only.
 */
export const conversationModelSchema = new Schema<ConversationDocument>(
  {
    _id: required(String),
    campaign_id: required(String),
    recipient_id: required(String),
    reply_id: String,
    version: required(Number),
    fence: String,
    tries: required(Number),
    status: { type: String, required: true, enum: ['active', 'blocked', 'completed'] },
    result: String,
    reason: String,
    current_stage: required(String),
    stage_visit: required(Number),
    stage_entered_at: required(Number),
    visit: required(Mixed),
    visits: required(Mixed),
    latest_response: Mixed,
    response_fields: Mixed,
    response_count: required(Number),
    escalation: Mixed,
    held: Mixed,
    context: Mixed,
    inbox: required(Mixed),
    applied_event_ids: [String],
    outbox: required(Mixed),
    recent_events: required(Mixed),
    next_action_at: required(Number),
    erased_at: Number,
  },
  options('conversation_states'),
)
  .index(
    { campaign_id: 1, next_action_at: 1, _id: 1 },
    { partialFilterExpression: { status: { $in: ['active', 'blocked'] } } },
  )
  .index({ campaign_id: 1, status: 1, _id: 1 })
  .index({ recipient_id: 1 })
  .index({ reply_id: 1 }, { sparse: true });

export const conversationEventModelSchema = new Schema<ConversationEventDocument>(
  {
    _id: required(String),
    conversation_id: required(String),
    v: Number,
    n: Number,
    at: Number,
    type: { type: String },
    stage: String,
    visit: Number,
    reason: String,
    detail: Mixed,
  },
  options('conversation_events'),
).index({ conversation_id: 1, v: 1, n: 1 });

export const openBatchModelSchema = new Schema<OpenBatchDocument>(
  {
    _id: required(String),
    campaign_id: required(String),
    conversation_ids: [String],
    lease_until: required(Number),
    adoptions: Number,
  },
  options('open_batches'),
).index({ lease_until: 1 });

/**
 * Open rows stand in two small partial indexes: one for the sweep, one for the retries of a campaign; those that ended
 * in another state than sent in two more, for operators: of a campaign, and of all; those that a conversation has not
 * been told of in another.
 * What was sent, nearly everything, costs none of them.
 */
export const messageModelSchema = new Schema<MessageDocument>(
  {
    _id: required(String),
    campaign_id: required(String),
    conversation_id: required(String),
    recipient_id: required(String),
    stage: required(String),
    visit: required(Number),
    index: required(Number),
    ordinal: required(Number),
    follow_up: Number,
    channel: required(String),
    policy: required(String),
    to: String,
    subject: String,
    body: String,
    status: { type: String, required: true, enum: ROW_STATUSES },
    attempt: required(Number),
    fence: String,
    due_at: Number,
    decided_at: required(Number),
    claimed_at: required(Number),
    settled_at: Number,
    provider_id: String,
    attempts: required(Mixed),
    resend: Mixed,
    tell: Boolean,
    lost_leases: Number,
    starts: Number,
  },
  options('messages'),
)
  .index({ status: 1, due_at: 1 }, { partialFilterExpression: { status: { $in: [...OPEN_ROW_STATUSES] } } })
  .index(
    { campaign_id: 1, status: 1, due_at: 1 },
    { partialFilterExpression: { status: { $in: [...OPEN_ROW_STATUSES] } } },
  )
  .index({ campaign_id: 1, status: 1, _id: 1 }, { partialFilterExpression: { status: { $in: [...UNSENT_STATUSES] } } })
  .index({ status: 1, _id: 1 }, { partialFilterExpression: { status: { $in: [...UNSENT_STATUSES] } } })
  .index({ tell: 1, settled_at: 1 }, { partialFilterExpression: { tell: true } });

export const responseModelSchema = new Schema<ResponseDocument>(
  {
    _id: required(String),
    conversation_id: required(String),
    campaign_id: required(String),
    status: required(String),
    reason: String,
    received_at: required(Number),
    intent: String,
    text: String,
    data: Mixed,
    from_other_address: Boolean,
  },
  options('responses'),
)
  .index(
    { status: 1, received_at: 1, _id: 1 },
    { partialFilterExpression: { status: { $in: ['received', 'queued'] } } },
  )
  .index({ conversation_id: 1, received_at: 1 })
  .index({ campaign_id: 1, status: 1, _id: 1 });

export const escalationModelSchema = new Schema<EscalationDocument>(
  {
    _id: required(String),
    campaign_id: required(String),
    conversation_id: required(String),
    stage: required(String),
    action: required(String),
    status: required(String),
    opened_at: required(Number),
    notified_at: Number,
    resolved_at: Number,
  },
  options('escalations'),
)
  .index({ opened_at: 1, _id: 1 }, { partialFilterExpression: { notified_at: null } })
  .index({ conversation_id: 1, status: 1 })
  .index({ campaign_id: 1, status: 1 })
  .index({ status: 1, opened_at: 1 }, { partialFilterExpression: { status: 'open' } });

export const suppressionModelSchema = new Schema<SuppressionDocument>(
  { _id: required(String), reason: required(String), source: String, created_at: required(Date) },
  options('suppressions'),
);

export const apiKeyModelSchema = new Schema<ApiKeyDocument>(
  { _id: required(String), name: required(String), scopes: [String], created_at: required(Date) },
  options('api_keys'),
);

export const auditModelSchema = new Schema<AuditDocument>(
  {
    _id: required(String),
    at: required(Date),
    by: required(String),
    action: required(String),
    target: required(String),
    detail: Mixed,
  },
  options('audit_log'),
)
  .index({ target: 1, at: -1 })
  .index({ at: 1, _id: 1 }, { partialFilterExpression: { action: 'recipient.erase' } });

export const channelModelSchema = new Schema<ChannelDocument>(
  {
    _id: { type: String, required: true, enum: CHANNEL_NAMES },
    status: { type: String, required: true, enum: ['active', 'paused'] },
    reason: String,
    since: required(Number),
    by: required(String),
  },
  options('channels'),
);

export const installationModelSchema = new Schema<InstallationDocument>(
  { _id: required(String), version: Number, compatible_from: Number, migrated_at: Date, restoring: String },
  options('installation'),
);
