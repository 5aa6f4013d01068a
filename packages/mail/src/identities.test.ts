import { createAddresses } from './addresses.js';
import { createIdentities } from './identities.js';
import { keysIn } from './message-ids.js';
import { createTokens } from './tokens.js';

const secret = 'a secret of the installation, long enough';
const tokens = createTokens(secret);
const CONVERSATION = 'camp/user_1';
const KEY = `${CONVERSATION}/welcome/1/0/0`;
const REPLY_ID = 'abcdefghij234567';
const replyIdOf = () => REPLY_ID;

describe('the identity of a mail', () => {
  it('is a Message-ID alone where neither links nor inbound mail are set up', () => {
    expect(createIdentities({ secret, replyIdOf })(KEY, CONVERSATION)).toEqual({
      messageIdLeft: tokens.sign('message', KEY),
    });
  });

  it('has addresses that are signed for the conversation, and a link that is signed for the message', () => {
    const identity = createIdentities({
      secret,
      replyIdOf,
      publicUrl: 'https://example.com/campaigns/',
      inboundDomain: 'in.example.com',
    })(KEY, CONVERSATION);
    const { read } = createAddresses(secret, 'in.example.com');
    expect(read(identity.replyTo ?? '')).toEqual({ kind: 'reply', replyId: REPLY_ID });
    expect(read(identity.returnPath ?? '')).toEqual({ kind: 'bounce', replyId: REPLY_ID });
    expect(identity.unsubscribeAddress).toBe(identity.replyTo);
    const [, token = ''] = identity.oneClickUrl?.split('https://example.com/campaigns/u/') ?? [];
    expect(tokens.verify('unsubscribe', token)).toBe(KEY);
  });

  it('is the same for every attempt', () => {
    const options = { secret, replyIdOf, publicUrl: 'https://example.com', inboundDomain: 'in.example.com' };
    expect(createIdentities(options)(KEY, CONVERSATION)).toEqual(createIdentities(options)(KEY, CONVERSATION));
  });
});

describe('the keys in a header', () => {
  const id = (key: string) => `<${tokens.sign('message', key)}@mail.example.com>`;

  it.each([
    ['one id', id(KEY), [KEY]],
    ['ids over several lines', `${id('a/b/c/1/0/0')}\r\n ${id(KEY)}`, ['a/b/c/1/0/0', KEY]],
    ['ids of others between ours', `<1@gmail.com> ${id(KEY)} <CA+x=2@mail.gmail.com>`, [KEY]],
    ['an id without brackets', id(KEY).slice(1, -1), [KEY]],
    [
      'an id of the longest key',
      id(`${'c'.repeat(128)}/${'r'.repeat(128)}/${'s'.repeat(128)}/10/99/1000`),
      [`${'c'.repeat(128)}/${'r'.repeat(128)}/${'s'.repeat(128)}/10/99/1000`],
    ],
    ['a link to unsubscribe in place of an id', `<${tokens.sign('unsubscribe', KEY)}@mail.example.com>`, []],
    ['an id that nobody signed', '<Y2FtcC91c2VyXzE.AAAAAAAAAAAAAAAAAAAAAA@mail.example.com>', []],
    ['nothing', '', []],
    ['an endless id', `<${'a'.repeat(1_000_000)}@x>`, []],
  ])('are found in %s', (_, header, keys) => {
    expect(keysIn(tokens, header)).toEqual(keys);
  });
});
