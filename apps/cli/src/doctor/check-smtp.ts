import { createEmailChannel } from '@campaign-manager/channels';
import type { Config } from '@campaign-manager/runtime';
import { type Finding, reasonOf } from './finding.js';

const what = 'Mail server';
const TIMEOUT_MS = 10_000;

/** Whether the mail server greets us and lets us in; nothing is sent. */
export async function checkSmtp({ smtpUrl, smtpFrom }: Pick<Config, 'smtpUrl' | 'smtpFrom'>): Promise<Finding> {
  if (!smtpUrl) return { ok: true, what, detail: 'none: SMTP_URL is not set, so there is no email' };
  try {
    const channel = createEmailChannel({ url: smtpUrl, from: smtpFrom, timeoutMs: TIMEOUT_MS, connections: 1 });
    const slot = await channel.reserve(AbortSignal.timeout(TIMEOUT_MS));
    slot.release();
    await channel.close();
    return { ok: true, what, detail: 'it greets us and lets us in' };
  } catch (error) {
    return { ok: false, what, wrong: reasonOf(error), mend: 'start the mail server, or correct SMTP_URL' };
  }
}
