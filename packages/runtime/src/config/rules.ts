import type { Values } from './config.js';

/** What several variables must say together; one line for each fault. */
export function crossFaults(values: Values): string[] {
  const faults: string[] = [];
  if (values.defaultChannel === 'email' && !values.smtpUrl)
    faults.push(needs('DEFAULT_CHANNEL is "email"', 'SMTP_URL'));
  if (values.defaultChannel === 'webhook' && !values.webhookUrl) {
    faults.push(needs('DEFAULT_CHANNEL is "webhook"', 'WEBHOOK_URL'));
  }
  if (values.webhookUrl && !values.webhookSecret) faults.push(needs('WEBHOOK_URL is set', 'WEBHOOK_SECRET'));
  if (values.publicUrl && !values.linkSecret) faults.push(needs('PUBLIC_URL is set', 'LINK_SECRET'));
  if (values.inboundDomain && !values.linkSecret) faults.push(needs('INBOUND_DOMAIN is set', 'LINK_SECRET'));
  if (values.inboundSmtpPort !== undefined && !values.inboundDomain) {
    faults.push(needs('INBOUND_SMTP_PORT is set', 'INBOUND_DOMAIN'));
  }
  for (const [name, { channel, to }] of Object.entries(values.notifiers)) {
    const subject = `NOTIFIERS gives ${name} the channel "${channel}"`;
    if (channel === 'email' && !values.smtpUrl) faults.push(needs(subject, 'SMTP_URL'));
    if (channel === 'webhook' && !values.webhookUrl) faults.push(needs(subject, 'WEBHOOK_URL'));
    if (channel === 'email' && to === undefined) faults.push(`${subject}, but no address: "to" is missing.`);
  }
  return faults;
}

function needs(fact: string, variable: string): string {
  return `${fact}, which needs ${variable}, but ${variable} is not set.`;
}
