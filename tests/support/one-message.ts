import type { CampaignTemplate, Recipient } from '@campaign-manager/core/schemas';

/** The shortest conversation: one message, and it is over. */
export const oneMessage: CampaignTemplate = {
  _id: 'one_message',
  name: 'One message',
  type: 'sales',
  stages: { only: { messages: [{ template: 'Hello {{recipient.first_name}}.' }] } },
};

export function people(count: number): Recipient[] {
  return Array.from({ length: count }, (_, i) => ({
    _id: `person_${i}`,
    first_name: `Person ${i}`,
    email: `person_${i}@example.test`,
  }));
}
