import { replyIdOf } from '@campaign-manager/core/store';
import { createIdentities, type MailIdentity } from '@campaign-manager/mail';
import { createLogger, createMetrics, type Metrics } from '@campaign-manager/runtime';
import { createTransport } from 'nodemailer';
import { type Inbound, type InboundLimits, startInbound } from '../../src/inbound/start-inbound.js';
import { createTestApi, type TestApi } from './test-api.js';

export const DOMAIN = 'in.example.test';
export const SECRET = 'the secret of these tests, of some length'.replaceAll(' ', '-');

export interface TestInbound {
  readonly api: TestApi;
  readonly inbound: Inbound;
  readonly metrics: Metrics;
  /** Lines of the listener's log. */
  readonly log: readonly string[];
  /** Sends a mail over a connection of its own; answers the server's last line, a refusal included. */
  send(mail: string | Buffer, to: string, from?: string): Promise<string>;
  stop(): Promise<void>;
}

/** The listener on a free port, beside an api on the same database. */
export async function startTestInbound(
  label: string,
  options: Parameters<typeof createTestApi>[1] = {},
  limits: Partial<InboundLimits> = {},
): Promise<TestInbound> {
  const env = {
    LINK_SECRET: SECRET,
    INBOUND_DOMAIN: DOMAIN,
    INBOUND_SMTP_PORT: '0',
    INBOUND_SMTP_HOST: '127.0.0.1',
    ...options.env,
  };
  const api = await createTestApi(label, { ...options, env });
  const metrics = createMetrics(api.config);
  const log: string[] = [];
  const logger = createLogger(api.config, { app: 'api', stream: { write: (line) => log.push(line) } });
  const inbound = await startInbound({ ...api, logger, metrics }, limits);
  if (!inbound) throw new Error('There is no listener.');
  const { port } = new URL(inbound.url);
  return {
    api,
    inbound,
    metrics,
    log,
    send: async (mail, to, from = 'user_1@example.com') => {
      const transport = createTransport({ host: '127.0.0.1', port: Number(port), ignoreTLS: true });
      try {
        return (await transport.sendMail({ envelope: { from, to: [to] }, raw: mail })).response;
      } catch (error) {
        return (error as { readonly response?: string }).response ?? String(error);
      } finally {
        transport.close();
      }
    },
    stop: async () => {
      await inbound.stop();
      await api.stop();
    },
  };
}

/** What the mail of a ledger key carried when it went out. */
export function identityOf(
  key: string,
): Required<Pick<MailIdentity, 'replyTo' | 'returnPath'>> & { messageId: string } {
  const [campaign, recipient] = key.split('/');
  const make = createIdentities({ secret: SECRET, inboundDomain: DOMAIN, replyIdOf });
  const { messageIdLeft, replyTo = '', returnPath = '' } = make(key, `${campaign}/${recipient}`);
  return { messageId: `<${messageIdLeft}@example.test>`, replyTo, returnPath };
}
