import { createAddresses } from './addresses.js';

const addresses = createAddresses('a secret of the installation, long enough', 'Replies.example.com');
const ID = 'abcdefghij234567';

describe('a signed address', () => {
  it('gives back the id that it was made for', () => {
    expect(addresses.read(addresses.reply(ID))).toEqual({ kind: 'reply', replyId: ID });
    expect(addresses.read(addresses.bounce(ID))).toEqual({ kind: 'bounce', replyId: ID });
  });

  it('fits into the 64 characters of a local part', () => {
    for (const address of [addresses.reply(ID), addresses.bounce(ID)]) {
      expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64);
    }
  });

  it('is read in whatever case it arrives', () => {
    expect(addresses.read(addresses.reply(ID).toUpperCase())).toEqual({ kind: 'reply', replyId: ID });
    expect(addresses.read(addresses.reply(ID).toLowerCase())).toEqual({ kind: 'reply', replyId: ID });
  });

  it('of a reply is none of a report, and the other way round', () => {
    expect(addresses.read(addresses.reply(ID).replace('reply+', 'bounce+'))).toBeNull();
    expect(addresses.read(addresses.bounce(ID).replace('bounce+', 'reply+'))).toBeNull();
  });

  it.each([
    ['another secret', createAddresses('another secret of another installation', 'replies.example.com').reply(ID)],
    ['another conversation', addresses.reply(ID).replace(ID, 'zbcdefghij234567')],
    ['another domain', addresses.reply(ID).replace('Replies', 'other')],
    ['a signature that is cut off', addresses.reply(ID).replace(/.@/, '@')],
    ['no signature', `reply+${ID}@replies.example.com`],
    ['nothing', ''],
    ['a name that is ours alone', 'postmaster@replies.example.com'],
    ['an endless name', `${'a'.repeat(1_000_000)}@replies.example.com`],
  ])('is refused with %s', (_, address) => {
    expect(addresses.read(address)).toBeNull();
  });

  it('has one beside it for mail that names its conversation in its headers', () => {
    expect(addresses.read('replies@replies.example.com')).toEqual({ kind: 'general' });
  });
});
