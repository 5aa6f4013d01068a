import { readFile } from 'node:fs/promises';
import { until } from '@campaign-manager/testkit';

const EXAMPLES = new URL('../../examples/', import.meta.url);
const PEOPLE = ['ada', 'grace', 'edsger'];

/** The README's calls: a template, recipients, a campaign, its audience, the launch; then the first mail of each. */
export async function runCampaign(api, key, mailbox) {
  async function post(path, body) {
    const response = await fetch(`${api}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  }
  await post('/v1/templates', await readFile(new URL('templates/sales-outreach.json', EXAMPLES), 'utf8'));
  for (const name of PEOPLE) {
    const names = {
      first_name: name,
      email: `${name}@example.test`,
      company_name: 'Engines',
      recommended_feature: 'lists',
    };
    await post('/v1/recipients', { _id: name, ...names });
  }
  await post('/v1/campaigns', await readFile(new URL('campaigns/sales-spring.json', EXAMPLES), 'utf8'));
  await post(
    '/v1/campaigns/sales_spring/audience',
    PEOPLE.map((name) => ({ recipient_id: name })),
  );
  await post('/v1/campaigns/sales_spring/launch', {});
  await until(() => mailbox.messages().length >= PEOPLE.length, {
    timeoutMs: 120_000,
    describe: 'every mail has come',
  });
  const mails = mailbox.messages();
  return { sent: mails.length, subject: mails[0].subject };
}
