import { createConnection } from 'node:net';
import { commitDecisions, loadConversation } from '@campaign-manager/core/store';
import { until } from '@campaign-manager/testkit';
import { addRow, change, runningCampaign } from './support/conversations.js';
import { DOMAIN, identityOf, startTestInbound, type TestInbound } from './support/inbound.js';
import { apple, complaint, gmail, outlook, report } from './support/inbound-mails.js';
import { NOW } from './support/test-api.js';

let test: TestInbound;
let campaigns = 0;

beforeAll(async () => {
  test = await startTestInbound('api_inbound');
});
afterAll(() => test.stop());

/** A running campaign of its own, with one message to its first recipient that was sent by email. */
async function campaign(): Promise<{ id: string; conversation: string; key: string } & ReturnType<typeof identityOf>> {
  campaigns += 1;
  const id = `camp${campaigns}`;
  await runningCampaign(test.api, id);
  const conversation = `${id}/user_1`;
  const key = await addRow(test.api.store, conversation, 0, 'sent');
  await test.api.store.messages.collection.updateOne({ _id: key as never }, { $set: { channel: 'email' } });
  await test.api.store.campaigns.collection.updateOne({ _id: id as never }, { $set: { channel: 'email' } });
  return { id, conversation, key, ...identityOf(key) };
}

const responsesTo = (conversation: string) =>
  test.api.store.responses.find({ conversation_id: conversation }).lean().exec();
const inboxOf = async (conversation: string) =>
  (await test.api.store.conversations.findById(conversation).lean())?.inbox ?? [];
const suppressions = () => test.api.store.suppressions.find({}).lean().exec();

beforeEach(async () => {
  await test.api.store.suppressions.deleteMany({});
});

describe('a reply by mail', () => {
  it.each([
    ['Gmail', gmail],
    ['Outlook', outlook],
    ['Apple Mail', apple],
  ])('from %s goes into its conversation, with the intent that its first line names', async (_, shape) => {
    const { conversation, replyTo } = await campaign();

    expect(await test.send(shape({ messageId: `<${conversation}@mail>` }), replyTo)).toMatch(/^250 .*reply/);

    const [response] = await responsesTo(conversation);
    expect(response).toMatchObject({
      status: 'queued',
      intent: 'sign_contract',
      text: 'Sign contract',
      received_at: NOW,
    });
    expect(response).not.toHaveProperty('from_other_address');
    expect(await inboxOf(conversation)).toEqual([
      expect.objectContaining({ id: response?._id, type: 'response', intent: 'sign_contract', text: 'Sign contract' }),
    ]);
  });

  it('brings fields for the rules, from what was written and not from what was quoted', async () => {
    const { conversation, replyTo } = await campaign();

    await test.send(gmail({ own: 'Thank you.\nRating: 4\nCity: Berlin' }), replyTo);

    const [response] = await responsesTo(conversation);
    expect(response).toMatchObject({ data: { rating: 4, city: 'Berlin' } });
    expect(response).not.toHaveProperty('intent');
  });

  it('that is one number alone brings the one field that the template uses, once, however often it is delivered', async () => {
    const { conversation, replyTo } = await campaign();
    const mail = gmail({ own: '5 - thanks!', messageId: `<number-${conversation}@mail>` });

    for (let i = 0; i < 2; i += 1) expect(await test.send(mail, replyTo)).toMatch(/^250 .*reply/);

    expect(await responsesTo(conversation)).toEqual([expect.objectContaining({ data: { wish: 5 } })]);
    expect(await inboxOf(conversation)).toEqual([expect.objectContaining({ type: 'response', data: { wish: 5 } })]);
  });

  it('has its conversation decided at once', async () => {
    const { conversation, replyTo } = await campaign();

    await test.send(apple({}), replyTo);

    expect(await test.api.store.conversations.findById(conversation).lean()).toMatchObject({ next_action_at: 0 });
    const jobs = await test.api.jobs('conversations');
    expect(jobs.map(({ data }) => data['conversation_id'])).toContain(conversation);
  });

  it('that is delivered twice counts once', async () => {
    const { conversation, replyTo } = await campaign();
    const [withId, without] = [apple({ messageId: '<twice@mail>' }), apple({ own: 'no id' })];

    for (const mail of [withId, withId, without, without]) expect(await test.send(mail, replyTo)).toMatch(/^250/);

    expect(await responsesTo(conversation)).toHaveLength(2);
    expect(await inboxOf(conversation)).toHaveLength(2);
  });

  it('finds its conversation by In-Reply-To, or by the newest of its References', async () => {
    const [first, second] = [await campaign(), await campaign()];
    const general = `replies@${DOMAIN}`;

    await test.send(apple({ inReplyTo: first.messageId }), general);
    await test.send(apple({ references: `${first.messageId} ${second.messageId} <x@gmail.com>` }), general);

    expect(await responsesTo(first.conversation)).toHaveLength(1);
    expect(await responsesTo(second.conversation)).toHaveLength(1);
  });

  it('finds its conversation by the address that it came to, also when a worker has decided the conversation', async () => {
    const { conversation, replyTo } = await campaign();
    const seen = await loadConversation(test.api.store, conversation);
    await commitDecisions(test.api.store, [{ seen, state: seen, events: [] }], 'a worker');

    expect(await test.send(apple({}), replyTo)).toMatch(/^250/); // neither In-Reply-To nor References
    expect(await responsesTo(conversation)).toHaveLength(1);
    expect(await inboxOf(conversation)).toHaveLength(1);
  });

  it('finds a conversation of an older version, which has no short id, by In-Reply-To', async () => {
    const { conversation, replyTo, messageId } = await campaign();
    await test.api.store.conversations.updateOne({ _id: conversation }, { $unset: { reply_id: 1 } });

    expect(await test.send(apple({ inReplyTo: messageId }), replyTo)).toMatch(/^250/);
    expect(await responsesTo(conversation)).toHaveLength(1);
  });

  it('to an address in capitals is taken all the same', async () => {
    const { conversation, replyTo } = await campaign();

    expect(await test.send(apple({}), replyTo.toUpperCase())).toMatch(/^250/);
    expect(await responsesTo(conversation)).toHaveLength(1);
  });

  it('from another address than we write to counts, and says so', async () => {
    const { conversation, replyTo } = await campaign();

    await test.send(apple({ from: 'ada.private@example.net' }), replyTo, 'ada.private@example.net');

    expect(await responsesTo(conversation)).toEqual([
      expect.objectContaining({ from_other_address: true, status: 'queued' }),
    ]);
  });

  it('to a conversation that is over is late; with our signature but of no conversation, it is unmatched', async () => {
    const { conversation, replyTo } = await campaign();
    await change(test.api.store, conversation, { status: 'completed' });
    const gone = identityOf('gone/user_9/welcome/1/0/0');

    expect(await test.send(apple({}), replyTo)).toMatch(/^250/);
    expect(await test.send(apple({ inReplyTo: gone.messageId }), `replies@${DOMAIN}`)).toMatch(/^250/);
    expect(await test.send(apple({}), gone.replyTo)).toMatch(/^250/);

    expect(await responsesTo(conversation)).toEqual([expect.objectContaining({ status: 'late' })]);
    expect(await responsesTo('gone/user_9')).toEqual([expect.objectContaining({ status: 'unmatched' })]);
    expect(await test.api.store.responses.countDocuments({ campaign_id: '?', status: 'unmatched' })).toBe(1);
  });

  it('of STOP is an opt-out, although the original is quoted below', async () => {
    const { conversation, replyTo } = await campaign();

    await test.send(apple({ own: 'Stop' }), replyTo);

    expect(await suppressions()).toEqual([
      expect.objectContaining({ _id: 'email:user_1@example.com', reason: 'stop' }),
    ]);
    expect(await inboxOf(conversation)).toEqual([expect.objectContaining({ type: 'opt_out' })]);
  });
});

describe('what is no reply', () => {
  it.each([
    ['Auto-Submitted', ['Auto-Submitted: auto-replied'], 'user_1@example.com'],
    ['Precedence', ['Precedence: bulk'], 'user_1@example.com'],
    ['a null return path', [], ''],
  ])('is told by %s, is taken, and leaves nothing behind', async (_, headers, from) => {
    const { conversation, replyTo } = await campaign();

    expect(await test.send(apple({ headers, own: 'I am away' }), replyTo, from)).toMatch(/^250 .*auto_reply/);
    expect(await responsesTo(conversation)).toEqual([]);
    expect(await inboxOf(conversation)).toEqual([]);
  });

  it.each([
    ['names the message in its returned headers', true],
    ['came to the return path without them', false],
  ])('is a hard bounce that %s: the address is suppressed, and the conversation is told', async (_, withHeaders) => {
    const { conversation, key, returnPath, messageId } = await campaign();

    const mail = report('5.1.1', withHeaders ? messageId : undefined);
    for (let i = 0; i < 2; i += 1) expect(await test.send(mail, returnPath, '')).toMatch(/^250 .*bounce_hard/);

    expect(await suppressions()).toEqual([
      expect.objectContaining({ _id: 'email:user_1@example.com', reason: 'bounce', source: key }),
    ]);
    expect(await inboxOf(conversation)).toEqual([expect.objectContaining({ type: 'bounced', key })]);
  });

  it.each(['4.2.2', '5.7.1'])('is a bounce with status %s, which changes nothing', async (status) => {
    const { conversation, returnPath, messageId } = await campaign();

    expect(await test.send(report(status, messageId), returnPath, '')).toMatch(/^250 .*bounce_soft/);
    expect(await suppressions()).toEqual([]);
    expect(await inboxOf(conversation)).toEqual([]);
  });

  it('is a complaint: the address is suppressed, and the conversation ends', async () => {
    const { conversation, messageId } = await campaign();

    expect(await test.send(complaint(messageId), `replies@${DOMAIN}`)).toMatch(/^250 .*complaint/);
    expect(await suppressions()).toEqual([expect.objectContaining({ reason: 'complaint' })]);
    expect(await inboxOf(conversation)).toEqual([expect.objectContaining({ type: 'opt_out' })]);
  });

  it("is the mail program's wish to unsubscribe", async () => {
    const { conversation, replyTo } = await campaign();

    expect(await test.send(apple({ subject: 'unsubscribe', own: '' }), replyTo)).toMatch(/^250 .*unsubscribe/);
    expect(await suppressions()).toEqual([expect.objectContaining({ reason: 'unsubscribe' })]);
    expect(await inboxOf(conversation)).toEqual([expect.objectContaining({ type: 'opt_out' })]);
    expect(await responsesTo(conversation)).toEqual([]);
  });
});

describe('what is refused', () => {
  it.each([
    ['an address that is not ours', `sales@${DOMAIN}`],
    ['an address that nobody signed', `reply+abcdefghij234567${'0'.repeat(32)}@${DOMAIN}`],
    ['another domain', 'replies@example.com'],
  ])('is %s, before the mail is read', async (_, to) => {
    expect(await test.send(apple({}), to)).toBe('550 5.1.1 There is no such address here');
  });

  it('is a mail to the common address that answers none of ours', async () => {
    expect(await test.send(apple({ inReplyTo: '<1@example.com>' }), `replies@${DOMAIN}`)).toMatch(
      /^550 5\.1\.1 .*answers none/,
    );
  });

  it('is a mail that cannot be read', async () => {
    const { conversation, replyTo } = await campaign();
    expect(await test.send(`X-Long: ${'x'.repeat(500_000)}\r\n\r\nHi`, replyTo)).toMatch(/^554 5\.6\.0/);
    expect(await responsesTo(conversation)).toEqual([]);
  });

  it('is a mail above a megabyte', async () => {
    const { conversation, replyTo } = await campaign();
    expect(await test.send(apple({ own: 'long line\n'.repeat(150_000) }), replyTo)).toMatch(/^552 /);
    expect(await responsesTo(conversation)).toEqual([]);
  });

  it('is a second recipient of one mail, for now', async () => {
    const { replyTo } = await campaign();
    const lines = await dialogue([
      'EHLO x',
      'MAIL FROM:<a@example.com>',
      `RCPT TO:<${replyTo}>`,
      `RCPT TO:<${replyTo}>`,
      'QUIT',
    ]);
    expect(lines.filter((line) => line.startsWith('452'))).toEqual(['452 4.5.3 One recipient at a time']);
  });

  it('is a login and encryption, which the listener does not offer', async () => {
    const lines = await dialogue(['EHLO x', 'AUTH PLAIN AGEAYg==', 'STARTTLS', 'QUIT']);
    expect(lines.filter((line) => /^250.(?:AUTH|STARTTLS)/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('5'))).toHaveLength(2);
    expect(lines).toContain('250 SIZE 1048576');
  });
});

it('counts mails by what they were, and writes nothing personal into its log', async () => {
  const { replyTo, returnPath, messageId } = await campaign();
  await test.send(apple({ from: 'Ada <ada.private@example.net>', own: 'My secret wish' }), replyTo);
  await test.send(report('5.1.1', messageId), returnPath, '');
  await test.send(apple({}), `replies@${DOMAIN}`);

  const text = await test.metrics.registry.metrics();
  for (const kind of ['reply', 'bounce_hard', 'refused']) {
    expect(text).toMatch(new RegExp(`communication_inbound_mails_total\\{kind="${kind}"\\} [1-9]`));
  }
  const log = test.log.join('');
  expect(log).toContain('An inbound mail was taken');
  for (const personal of ['ada.private', 'My secret wish', 'user_1@example.com', replyTo, 'Welcome']) {
    expect(log).not.toContain(personal);
  }
});

/** Says one line after the other, each when the one before was answered; answers all lines of the server. */
async function dialogue(commands: readonly string[], port = Number(new URL(test.inbound.url).port)): Promise<string[]> {
  const socket = createConnection(port, '127.0.0.1');
  const lines: string[] = [];
  let rest = '';
  const waiting = [...commands];
  socket.on('data', (chunk) => {
    const parts = (rest + chunk.toString()).split('\r\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    const last = lines.at(-1);
    if (last !== undefined && /^\d{3} /.test(last)) socket.write(`${waiting.shift() ?? 'QUIT'}\r\n`);
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return lines;
}

describe('the listener', () => {
  it('refuses more connections from one address than it may have, and lets others in when they are gone', async () => {
    const bounded = await startTestInbound('api_inbound_bounds', {}, { connectionsPerAddress: 1 });
    try {
      const port = Number(new URL(bounded.inbound.url).port);
      const first = createConnection(port, '127.0.0.1');
      await new Promise((resolve) => first.once('data', resolve));
      expect(await dialogue([], port)).toEqual(['421 4.7.0 Too many connections from this address']);
      first.destroy();
      await until(async () => (await dialogue([], port))[0]?.startsWith('220'), { describe: 'others are let in' });
    } finally {
      await bounded.stop();
    }
  });

  it('takes no more mails from one address in a minute than it may hand in', async () => {
    const bounded = await startTestInbound('api_inbound_rate', {}, { mailsPerMinuteAndAddress: 2 });
    try {
      const answers: string[] = [];
      for (let i = 0; i < 3; i += 1) answers.push(await bounded.send(apple({}), `replies@${DOMAIN}`));
      expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['550', '550', '450']);
    } finally {
      await bounded.stop();
    }
  });
});
