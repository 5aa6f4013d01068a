import { ChannelConfigError } from './channel-config-error.js';
import { type ChannelsConfig, createChannels } from './create-channels.js';

const base = { connections: 2 };
const timeoutMs = 1000;
const email = { timeoutMs: 2000, url: 'smtp://127.0.0.1:2525', from: 'sales@example.com' };
const webhook = { timeoutMs: 3000, url: 'https://hook.example.com/in', secret: 'whsec_dGhpcyBpcyBhIHRlc3Qgc2VjcmV0' };
const deps = { writeLine: () => undefined };

describe('createChannels', () => {
  it.each<[string, Partial<ChannelsConfig>, string[]]>([
    ['nothing', {}, ['log']],
    ['empty settings', { email: { timeoutMs, url: undefined }, webhook: { timeoutMs, url: '' } }, ['log']],
    ['an SMTP URL', { email }, ['log', 'email']],
    ['a webhook', { webhook }, ['log', 'webhook']],
    ['a webhook secret only', { webhook: { timeoutMs, secret: webhook.secret } }, ['log']],
    ['both', { email, webhook }, ['log', 'email', 'webhook']],
  ])('builds from %s what is configured', async (_name, config, names) => {
    const channels = createChannels({ ...base, ...config }, deps);
    expect([...channels.keys()]).toEqual(names);
    for (const [name, channel] of channels) {
      expect(channel.name).toBe(name);
      await channel.close();
    }
  });

  it('gives each channel its own time-out', () => {
    const channels = createChannels({ ...base, email, webhook }, deps);
    expect([channels.get('email')?.timeoutMs, channels.get('webhook')?.timeoutMs]).toEqual([2000, 3000]);
  });

  it('gives each channel its policy, else its own default', () => {
    const policies = (config: Partial<ChannelsConfig>) => {
      const channels = createChannels({ ...base, ...config }, deps);
      return [channels.get('email')?.defaultPolicy, channels.get('webhook')?.defaultPolicy];
    };
    const turned = {
      email: { ...email, policy: 'at_least_once' },
      webhook: { ...webhook, policy: 'at_most_once' },
    } as const;
    expect(policies({ email, webhook })).toEqual(['at_most_once', 'at_least_once']);
    expect(policies(turned)).toEqual(['at_least_once', 'at_most_once']);
  });

  it.each(['no token', 'Webhook-Id', 'content-length', 'HOST', 'a\r\nb', 'transfer-encoding'])(
    'refuses %j as the header of the idempotency key',
    (idempotencyHeader) => {
      const create = () => createChannels({ ...base, webhook: { ...webhook, idempotencyHeader } }, deps);
      expect(create).toThrow('the idempotency header must be');
    },
  );

  it.each<[string, Partial<ChannelsConfig>, string]>([
    ['an SMTP URL without a sender', { email: { timeoutMs, url: email.url } }, 'a sender address is needed'],
    ['a sender that is a list', { email: { ...email, from: 'a@x.org, b@x.org' } }, 'must be one address'],
    ['an SMTP URL of another kind', { email: { ...email, url: 'http://x' } }, 'must look like smtp://'],
    ['a webhook without a secret', { webhook: { timeoutMs, url: webhook.url } }, 'a signing secret is needed'],
    ['a secret that is not base64', { webhook: { ...webhook, secret: 'whsec_?' } }, 'must be base64'],
    [
      'a webhook URL of another kind',
      { webhook: { ...webhook, url: 'file:///etc/passwd' } },
      'must begin with https://',
    ],
    [
      'a webhook URL with a password',
      { webhook: { ...webhook, url: 'https://a:b@x.org' } },
      'no user name or password',
    ],
  ])('refuses %s', (_name, config, words) => {
    const create = () => createChannels({ ...base, ...config }, deps);
    expect(create).toThrow(ChannelConfigError);
    expect(create).toThrow(words);
  });
});
