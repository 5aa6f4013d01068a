import { createChannels } from '@campaign-manager/channels';
import { recipientAddress } from '@campaign-manager/core/store';

const channels = createChannels(
  {
    connections: 1,
    email: { url: 'smtp://127.0.0.1:1', from: 'Sales <sales@example.test>', timeoutMs: 1000 },
    webhook: { url: 'http://127.0.0.1:1', secret: 'whsec_c2VjcmV0', timeoutMs: 1000, allowPrivate: true },
  },
  { writeLine: () => undefined },
);
afterAll(() => Promise.all([...channels.values()].map((channel) => channel.close())));

/** Whom an opt-out suppresses must be whom the channels write to. */
it.each([
  { _id: 'user_1', email: 'ann@example.test', phone: '+4930123456' },
  { _id: 'user_1', phone: '+4930123456' },
  { _id: 'user_1', email: '' },
  { _id: 'user_1', email: 7 },
  {},
])('the store reads the addresses of %j as the channels do', (recipient) => {
  expect([...channels.keys()].sort()).toEqual(['email', 'log', 'webhook']);
  for (const [name, channel] of channels) {
    const address = channel.addressOf(recipient);
    expect([name, recipientAddress(name, recipient as never)]).toEqual([name, 'to' in address ? address.to : null]);
  }
});
