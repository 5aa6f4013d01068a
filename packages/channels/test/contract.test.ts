import { createEmailChannel } from '../src/email.js';
import { createLogChannel } from '../src/log.js';
import { createWebhookChannel } from '../src/webhook.js';
import { describeChannelContract } from './contract.js';
import { startScriptedHttp } from './scripted-http.js';
import { startScriptedSmtp } from './scripted-smtp.js';

/** Resolves when `condition` holds, looking again at every turn of the event loop. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describeChannelContract({
  name: 'email',
  to: 'ada@example.org',
  async start({ connections, timeoutMs }) {
    const server = await startScriptedSmtp();
    return {
      ...server,
      channel: createEmailChannel({ url: server.url, from: 'sales@example.com', timeoutMs, connections }),
      accepted: () => server.mails.map(({ data }) => /^X-Campaign-Message: (.*)$/m.exec(data)?.[1]?.trim() ?? ''),
      bodySeen: () => until(() => server.bodies() > 0),
    };
  },
  provoke: {
    accepted: () => undefined,
    deferred: ({ script }) => Object.assign(script, { rcpt: '451 4.7.1 greylisted' }),
    rejected: ({ script }) => Object.assign(script, { rcpt: '550 5.1.1 no such user' }),
    unknown: ({ script }) => Object.assign(script, { dot: 'drop' }),
    silence: ({ script }) => Object.assign(script, { dot: 'hang' }),
    bounded: () => undefined,
  },
});

describeChannelContract({
  name: 'webhook',
  to: 'user_123456',
  async start({ connections, timeoutMs }) {
    const server = await startScriptedHttp();
    const secret = 'whsec_dGhpcyBpcyBhIHRlc3Qgc2VjcmV0';
    return {
      ...server,
      channel: createWebhookChannel({ url: server.url, secret, timeoutMs, connections, allowPrivate: true }),
      accepted: () =>
        typeof server.script.answer === 'object' && server.script.answer.status < 300
          ? server.requests.map(({ body }) => String(JSON.parse(body).key))
          : [],
      bodies: () => server.requests.length,
      bodySeen: () => until(() => server.requests.length > 0),
    };
  },
  provoke: {
    accepted: () => undefined,
    deferred: ({ script }) => Object.assign(script, { answer: { status: 503 } }),
    rejected: ({ script }) => Object.assign(script, { answer: { status: 422 } }),
    unknown: ({ script }) => Object.assign(script, { answer: 'drop' }),
    silence: ({ script }) => Object.assign(script, { answer: 'hang' }),
    bounded: () => undefined,
  },
});

describeChannelContract({
  name: 'log',
  to: 'ada@example.org',
  async start() {
    const lines: string[] = [];
    const state = { broken: false };
    const write = (line: string) => {
      if (state.broken) throw new Error('the disk is full');
      lines.push(line);
    };
    return {
      state,
      channel: createLogChannel({ write }),
      accepted: () => lines.map((line) => String(JSON.parse(line).key)),
      bodies: () => lines.length,
      bodySeen: () => until(() => lines.length > 0),
      connections: { peak: 0 },
      openConnections: () => 0,
      allGone: async () => undefined,
      stop: async () => undefined,
    };
  },
  provoke: {
    accepted: () => undefined,
    deferred: { cannot: 'a log takes every line' },
    rejected: { cannot: 'a log takes every line' },
    unknown: ({ state }) => Object.assign(state, { broken: true }),
    silence: { cannot: 'writing a line is synchronous' },
    bounded: { cannot: 'a log has no connections' },
  },
});
