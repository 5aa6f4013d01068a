/** What an API key may do: look, change templates and campaigns, post replies, act on conversations and messages. */
export const SCOPES = ['read', 'write', 'respond', 'operate'] as const;
export type Scope = (typeof SCOPES)[number];
