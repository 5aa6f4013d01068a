import { setTimeout as delay } from 'node:timers/promises';
import { type Load, recipientIds, templateOf } from '../load.js';
import { accept, type Client } from './client.js';

const CONFLICT = 409;
const PAUSE_MS = 200;

/**
 * Brings a campaign in and launches it, as a careful user would: every step can be repeated, and a conflict is looked
 * into, since the answer to an earlier try may have been lost.
 */
export async function launch(client: Client, load: Load, signal: AbortSignal): Promise<void> {
  const ids = recipientIds(load);
  const { campaign, policy } = load;
  const template = templateOf(load);
  const recipients = ids.map((_id) => ({ _id, first_name: _id, email: `${_id}@example.test` }));
  accept(await client.post('/v1/templates', template), 'the template');
  accept(await client.post('/v1/recipients', recipients), 'the recipients');
  const document = {
    _id: campaign,
    name: campaign,
    template_id: template._id,
    channel: 'email',
    delivery_policy: policy,
  };
  accept(await client.post('/v1/campaigns', document), 'the campaign', [CONFLICT]);
  const members = ids.map((recipient_id) => ({ recipient_id }));
  await untilDone(signal, async () => {
    if (await isLaunched(client, campaign)) return true;
    const { status } = await client.post(`/v1/campaigns/${campaign}/audience`, members);
    return status < 400;
  });
  await untilDone(signal, async () => {
    if (await isLaunched(client, campaign)) return true;
    accept(await client.post(`/v1/campaigns/${campaign}/launch`, {}), 'the launch', [CONFLICT]);
    return false;
  });
}

async function isLaunched(client: Client, campaign: string): Promise<boolean> {
  const { status } = accept<{ status: string }>(await client.get(`/v1/campaigns/${campaign}`), 'the campaign');
  return status !== 'draft';
}

async function untilDone(signal: AbortSignal, step: () => Promise<boolean>): Promise<void> {
  while (!(await step())) await delay(PAUSE_MS, undefined, { signal });
}
