import type { Values } from './config.js';
import { oneHostEach } from './one-host-each.js';

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
  faults.push(...redisFaults(values));
  for (const [name, { channel, to }] of Object.entries(values.notifiers)) {
    const subject = `NOTIFIERS gives ${name} the channel "${channel}"`;
    if (channel === 'email' && !values.smtpUrl) faults.push(needs(subject, 'SMTP_URL'));
    if (channel === 'webhook' && !values.webhookUrl) faults.push(needs(subject, 'WEBHOOK_URL'));
    if (channel === 'email' && to === undefined) faults.push(`${subject}, but no address: "to" is missing.`);
  }
  return faults;
}

/** https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags: what stands in the first braces. */
const HASH_TAG = /^[^{]*\{[^}]+\}/;

/** A cluster has one database, and runs our scripts only on keys that lie in one slot. */
function redisFaults({ redisUrl, redisCluster, redisPrefix }: Values): string[] {
  if (!redisCluster) {
    return oneHostEach(redisUrl).length > 1 ? ['REDIS_URL names several hosts, which needs REDIS_CLUSTER=true.'] : [];
  }
  const faults: string[] = [];
  if (!HASH_TAG.test(redisPrefix)) {
    faults.push(
      `REDIS_CLUSTER is true, which needs a REDIS_PREFIX with a part in braces, such as {campaign}, but it is "${redisPrefix}": all keys must lie in one slot.`,
    );
  }
  const database = new URL(oneHostEach(redisUrl)[0] ?? '').pathname.replace('/', '');
  if (database !== '' && database !== '0') {
    faults.push(`REDIS_URL names the database ${database}, but a cluster (REDIS_CLUSTER) has only the database 0.`);
  }
  return faults;
}

function needs(fact: string, variable: string): string {
  return `${fact}, which needs ${variable}, but ${variable} is not set.`;
}
