import { createAddresses } from '../src/addresses.js';
import { type Classified, classify, type Envelope } from '../src/classify.js';
import { parseMail } from '../src/parse-mail.js';
import { createTokens } from '../src/tokens.js';
import { bounced, bouncedWithHeadersOnly, complained, plain } from './support/mails.js';

const secret = 'a secret of the installation, long enough';
const tokens = createTokens(secret);
const addresses = createAddresses(secret, 'in.example.com');
const KEY = 'camp/user_1/welcome/1/0/0';
const OTHER = 'camp/user_1/welcome/1/0/1';
const REPLY_ID = 'abcdefghij234567';
const idOf = (key: string) => `<${tokens.sign('message', key)}@mail.example.com>`;

const reply: Envelope = { from: 'ada@example.org', to: { kind: 'reply', replyId: REPLY_ID } };
const general: Envelope = { from: 'ada@example.org', to: { kind: 'general' } };
const report: Envelope = { from: '', to: { kind: 'bounce', replyId: REPLY_ID } };

async function classified(mail: Buffer, envelope: Envelope = reply): Promise<Classified> {
  const parsed = await parseMail(mail);
  if (!parsed) throw new Error('The mail could not be read.');
  return classify(parsed, envelope, tokens);
}

describe('what a mail is', () => {
  it.each([
    ['no sign of a machine', [], 'reply'],
    ['Auto-Submitted: no', ['Auto-Submitted: no'], 'reply'],
    ['X-Auto-Response-Suppress, which Outlook sets for people too', ['X-Auto-Response-Suppress: OOF'], 'reply'],
    ['Auto-Submitted: auto-replied', ['Auto-Submitted: auto-replied (vacation)'], 'auto_reply'],
    ['Auto-Submitted: auto-generated', ['auto-submitted: AUTO-GENERATED'], 'auto_reply'],
    ['Precedence: bulk', ['Precedence: bulk'], 'auto_reply'],
    ['Precedence: auto_reply', ['Precedence: auto_reply'], 'auto_reply'],
    ['X-Autoreply: yes', ['X-Autoreply: yes'], 'auto_reply'],
    ['X-Autorespond', ['X-Autorespond: Re: Your trial'], 'auto_reply'],
    ['X-Autoreply: no', ['X-Autoreply: no'], 'reply'],
  ])('with %s, is told by it', async (_, headers, kind) => {
    expect(await classified(plain({ headers }))).toMatchObject({ kind });
  });

  it("is a machine's answer where its return path is null, or where it came to the address for reports", async () => {
    expect(await classified(plain(), { ...reply, from: '' })).toMatchObject({ kind: 'auto_reply' });
    expect(await classified(plain(), { ...report, from: 'ada@example.org' })).toMatchObject({ kind: 'auto_reply' });
  });

  it.each([
    ['5.1.1', 'failed', '550 5.1.1 no such user', 'hard'],
    ['5.0.0', 'failed', '550 no such user', 'hard'],
    ['', 'failed', '550 no such user', 'hard'],
    ['5.4.4', 'failed', 'host not found', 'hard'],
    ['5.2.2', 'failed', '552 mailbox full', 'soft'],
    ['5.7.1', 'failed', '554 5.7.1 your address is on a list', 'soft'],
    ['4.4.7', 'failed', 'expired', 'soft'],
    ['4.4.1', 'delayed', 'connection timed out', 'soft'],
    ['4.2.0', 'Delayed', '450 later', 'soft'],
  ])(
    'of status %j, action %s and diagnostic %j, is a bounce that is %s',
    async (status, action, diagnostic, severity) => {
      expect(await classified(bounced(status, action, diagnostic, idOf(KEY)), report)).toEqual({
        kind: 'bounce',
        severity: severity === 'hard' ? 'hard' : 'soft',
        detail: expect.stringContaining(diagnostic),
        owner: { replyId: REPLY_ID, messageKey: KEY },
      });
    },
  );

  it.each(['delivered', 'relayed'])('is no bounce where the report says %s', async (action) => {
    expect(await classified(bounced('2.0.0', action, '250 ok', idOf(KEY)), report)).toMatchObject({
      kind: 'auto_reply',
    });
  });

  it('is a bounce also where only the headers of the original come back', async () => {
    expect(await classified(bouncedWithHeadersOnly(idOf(KEY)), report)).toMatchObject({
      kind: 'bounce',
      severity: 'hard',
      owner: { messageKey: KEY },
    });
  });

  it.each([
    ['abuse', 'complaint'],
    ['fraud', 'complaint'],
    ['not-spam', 'unrecognised'],
  ])('is, with a feedback type of %s, a %s', async (type, kind) => {
    expect(await classified(complained(type, idOf(KEY)), general)).toMatchObject({ kind, owner: { messageKey: KEY } });
  });

  it.each(['unsubscribe', ' Unsubscribe '])('is an opt-out where its subject is %j alone', async (subject) => {
    const mail = Buffer.from(plain().toString().replace('Subject: Re: Your trial', `Subject: ${subject}`));
    expect(await classified(mail)).toMatchObject({ kind: 'unsubscribe' });
  });
});

describe('whose mail it is', () => {
  it.each([
    ['In-Reply-To', [`In-Reply-To: ${idOf(KEY)}`, `References: ${idOf(OTHER)}`], KEY],
    ['the newest of References', [`References: <1@gmail.com> ${idOf(OTHER)}`, ` ${idOf(KEY)}`, ' <2@gmail.com>'], KEY],
    ['References where In-Reply-To names another', [`In-Reply-To: <2@x>`, `References: ${idOf(KEY)}`], KEY],
    ['nothing', [], undefined],
    ['an id that nobody signed', ['In-Reply-To: <Y2FtcC91c2VyXzE.AAAAAAAAAAAAAAAAAAAAAA@mail.example.com>'], undefined],
  ])('follows from %s', async (_, headers, messageKey) => {
    expect((await classified(plain({ headers }), general)).owner).toEqual(messageKey ? { messageKey } : {});
  });

  it('follows from the address that it came to', async () => {
    const to = addresses.read(addresses.reply(REPLY_ID));
    expect((await classified(plain(), { ...reply, to: to ?? { kind: 'general' } })).owner).toEqual({
      replyId: REPLY_ID,
    });
  });
});
