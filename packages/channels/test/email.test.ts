import { type Channel, ChannelUnavailableError, type OutboundMessage, type Outcome } from '../src/channel.js';
import { createEmailChannel, type EmailOptions } from '../src/email.js';
import { type Reaction, type ScriptedSmtp, type Step, startScriptedSmtp } from './scripted-smtp.js';

const never = new AbortController().signal;
const open: { close?(): Promise<void>; stop?(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await (one.close ?? one.stop)?.call(one);
});

async function serve(extensions?: readonly string[]): Promise<ScriptedSmtp> {
  const server = await startScriptedSmtp(extensions);
  open.push(server);
  return server;
}

function emailOver(url: string, options: Partial<EmailOptions> = {}): Channel {
  const channel = createEmailChannel({
    url,
    from: 'Sales <sales@example.com>',
    timeoutMs: 5000,
    connections: 2,
    ...options,
  });
  open.push(channel);
  return channel;
}

/** It bounds connecting too, which takes its time on a busy machine. */
const HANG_MS = 1000;

const message = (change: Partial<OutboundMessage> = {}): OutboundMessage => ({
  key: 'c/r/awareness/1/0/0',
  to: 'ada@example.org',
  subject: 'Your trial',
  body: 'Hello Ada\n',
  attempt: 1,
  ...change,
});

async function send(channel: Channel, change: Partial<OutboundMessage> = {}): Promise<Outcome> {
  return (await channel.reserve(never)).send(message(change), never);
}

describe('an email outcome tells what the server did at each step', () => {
  const table: readonly (readonly [step: Step, reaction: Reaction, status: Outcome['status']])[] = [
    ['mail', '451 later', 'deferred'],
    ['mail', '550 sender not welcome', 'deferred'],
    ['mail', '530 log in first', 'deferred'],
    ['mail', '421 too many messages', 'deferred'],
    ['mail', 'drop', 'deferred'],
    ['mail', 'hang', 'deferred'],
    ['rcpt', '450 greylisted', 'deferred'],
    ['rcpt', '530 log in first', 'deferred'],
    ['rcpt', '550 no such user', 'rejected'],
    ['rcpt', '551 moved', 'rejected'],
    ['rcpt', '552 mailbox full', 'rejected'],
    ['rcpt', '553 no such name', 'rejected'],
    ['rcpt', '554 not wanted', 'rejected'],
    ['rcpt', '421 closing', 'deferred'],
    ['rcpt', 'drop', 'deferred'],
    ['rcpt', 'hang', 'deferred'],
    ['data', '451 later', 'deferred'],
    ['data', '554 no', 'deferred'],
    ['data', '421 closing', 'deferred'],
    ['data', 'drop', 'deferred'],
    ['data', 'hang', 'deferred'],
    ['body', '554 too long', 'rejected'],
    ['body', '421 closing', 'deferred'],
    ['body', 'drop', 'unknown'],
    ['body', 'hang', 'unknown'],
    ['dot', '250 queued', 'accepted'],
    ['dot', '451 later', 'deferred'],
    ['dot', '452 disk full', 'deferred'],
    ['dot', '421 closing', 'deferred'],
    ['dot', '550 spam', 'rejected'],
    ['dot', '554 policy', 'rejected'],
    ['dot', '354 more?', 'unknown'],
    ['dot', 'drop', 'unknown'],
    ['dot', 'hang', 'unknown'],
    ['dot', { unfinished: '250 queu' }, 'unknown'],
    ['dot', { unfinished: '550 no' }, 'unknown'],
  ];

  describe.each([
    ['with pipelining', ['PIPELINING']],
    ['without pipelining', ['8BITMIME']],
  ])('%s', (_name, extensions) => {
    it.each(table)('%s: %j means %s', async (step, reaction, status) => {
      const server = await serve(extensions);
      const channel = emailOver(server.url, { timeoutMs: reaction === 'hang' ? HANG_MS : 5000 });
      server.script[step] = reaction;
      // Longer than a socket's buffers, so that a reaction to its first byte comes while it is being written.
      const body = step === 'body' ? 'one more line of a long letter\n'.repeat(100_000) : 'Hello\n';
      expect(await send(channel, { body })).toMatchObject({ status });

      delete server.script[step];
      expect(await send(channel, { key: 'next' })).toMatchObject({ status: 'accepted' });
    });
  });
});

describe('reserving an email slot', () => {
  it.each<[Step, Reaction]>([
    ['banner', '554 go away'],
    ['banner', '421 busy'],
    ['banner', 'drop'],
    ['banner', 'hang'],
    ['ehlo', '550 who are you'],
    ['ehlo', '421 busy'],
    ['ehlo', 'drop'],
    ['ehlo', 'hang'],
  ])('fails as unavailable on %s: %j, and works again when the server does', async (step, reaction) => {
    const server = await serve();
    const channel = emailOver(server.url, { timeoutMs: reaction === 'hang' ? HANG_MS : 5000, connections: 1 });
    server.script[step] = reaction;
    await expect(channel.reserve(never)).rejects.toBeInstanceOf(ChannelUnavailableError);
    delete server.script[step];
    expect(await send(channel)).toMatchObject({ status: 'accepted' });
  });

  it('fails as unavailable where nobody listens', async () => {
    const server = await serve();
    await server.stop();
    await expect(emailOver(server.url).reserve(never)).rejects.toThrow(/unavailable: .*ECONNREFUSED/);
  });

  it('fails without naming the password where the server refuses it', async () => {
    const server = await serve(['AUTH PLAIN']);
    server.script.auth = '535 wrong';
    const url = `smtp://ada:hush-hush@127.0.0.1:${server.port}`;
    const failure = await emailOver(url).reserve(never).catch(String);
    expect(failure).toContain('535 wrong');
    expect(failure).not.toContain('hush-hush');
  });

  it('logs in once per connection', async () => {
    const server = await serve(['AUTH PLAIN']);
    const channel = emailOver(`smtp://ada:hush%20hush@127.0.0.1:${server.port}`);
    await send(channel);
    await send(channel);
    const secret = Buffer.from('\0ada\0hush hush').toString('base64');
    expect(server.commands.filter((line) => line.startsWith('AUTH'))).toEqual([`AUTH PLAIN ${secret}`]);
  });

  it('does not give the password to another machine without encryption', async () => {
    const server = await serve(['AUTH PLAIN']);
    server.script.ehlo = '250 script.test';
    // 0.0.0.0 leads here as well, but is not recognised as this machine.
    await expect(emailOver(`smtp://ada:hush@0.0.0.0:${server.port}`).reserve(never)).rejects.toThrow();
    expect(server.commands).toContain('STARTTLS');
    expect(server.commands.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });

  it('stops connecting when its signal aborts', async () => {
    const server = await serve();
    server.script.banner = 'hang';
    const abort = new AbortController();
    const reserving = emailOver(server.url).reserve(abort.signal);
    const refused = expect(reserving).rejects.toThrow('aborted');
    setImmediate(() => abort.abort());
    await refused;
  });
});

describe('the pool of email connections', () => {
  it('sends one message after the other over one connection', async () => {
    const server = await serve();
    const channel = emailOver(server.url);
    for (const key of ['1', '2', '3']) expect(await send(channel, { key })).toMatchObject({ status: 'accepted' });
    expect(server.connections.total).toBe(1);
  });

  it('keeps the connection after a refused address', async () => {
    const server = await serve();
    const channel = emailOver(server.url, { connections: 1 });
    server.script.rcpt = '550 no such user';
    await send(channel, { key: '1' });
    delete server.script.rcpt;
    await send(channel, { key: '2' });
    expect(server.connections.total).toBe(1);
    expect(server.commands).toContain('RSET');
  });

  it('opens another where the server does not reset', async () => {
    const server = await serve();
    const channel = emailOver(server.url, { connections: 1, timeoutMs: HANG_MS });
    Object.assign(server.script, { rcpt: '550 no such user', rset: 'hang' });
    await send(channel, { key: '1' });
    delete server.script.rcpt;
    expect(await send(channel, { key: '2' })).toMatchObject({ status: 'accepted' });
    expect(server.connections.total).toBe(2);
  });

  it.each([undefined, '421 idle for too long'])(
    'hands out no idle connection that the server ended (%s)',
    async (reply) => {
      const server = await serve();
      const channel = emailOver(server.url);
      (await channel.reserve(never)).release();
      await server.hangUp(reply);
      expect(await send(channel)).toMatchObject({ status: 'accepted' });
      expect(server.connections.total).toBe(2);
    },
  );

  it.each([undefined, '421 shutting down'])('defers when the server ends a held connection (%s)', async (reply) => {
    const server = await serve();
    const channel = emailOver(server.url);
    const slot = await channel.reserve(never);
    await server.hangUp(reply);
    expect(await slot.send(message(), never)).toMatchObject({ status: 'deferred' });
    expect(server.mails).toEqual([]);
  });

  it('replaces a connection after a hundred messages', async () => {
    const server = await serve();
    const channel = emailOver(server.url, { connections: 1 });
    for (let i = 0; i < 101; i += 1) expect(await send(channel, { key: `${i}` })).toMatchObject({ status: 'accepted' });
    expect(server.connections.total).toBe(2);
  });

  it('says QUIT when it closes', async () => {
    const server = await serve();
    const channel = emailOver(server.url);
    await send(channel);
    const gone = server.allGone();
    await channel.close();
    await gone;
    expect(server.commands.at(-1)).toBe('QUIT');
  });

  it('closes in time where the server ignores QUIT', async () => {
    const server = await serve();
    const channel = emailOver(server.url);
    await send(channel);
    server.script.quit = 'hang';
    const gone = server.allGone();
    await channel.close();
    await gone;
  });
});

describe('an email on the wire', () => {
  it('goes to one address, with dots and lone line ends made safe', async () => {
    const server = await serve();
    const channel = emailOver(server.url, { messageIdDomain: 'mail.example.com', now: () => Date.UTC(2026, 2, 1) });
    expect(await send(channel, { body: 'one\n.two\n.\nMAIL FROM:<eve@example.net>\n' })).toEqual({
      status: 'accepted',
      providerId: '250 queued as 4711',
    });
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: '<sales@example.com>', to: ['<ada@example.org>'] });
    expect(mail?.data).toContain('\r\none\r\n..two\r\n..\r\nMAIL FROM:<eve@example.net>\r\n');
    expect(mail?.data).toContain('Date: Sun, 01 Mar 2026 00:00:00 +0000');
    expect(mail?.data).toMatch(/^Message-ID: <[0-9a-f]{32}@mail\.example\.com>\r$/m);
    expect(server.mails).toHaveLength(1);
  });

  it('arrives as text, whatever it is written in', async () => {
    const server = await serve();
    const channel = emailOver(server.url, { from: 'Vertrieb Süd <sales@example.com>' });
    const body = `Schöne Grüße\n.\n${'eine lange Zeile '.repeat(20)}\nпривет`;
    expect(await send(channel, { subject: 'Grüße aus Köln', body })).toMatchObject({ status: 'accepted' });
    const [head = '', text = ''] = (server.mails[0]?.data ?? '').split(/\r\n\r\n(.*)/s);
    expect(head).toMatch(/^Content-Transfer-Encoding: quoted-printable\r$/m);
    expect(head).toMatch(/^From: =\?UTF-8\?Q\?Vertrieb_S=C3=BCd\?= <sales@example\.com>\r$/m);
    const unstuffed = text.replace(/^\.\./gm, '.').replaceAll('=\r\n', '').replaceAll('\r\n', '\n');
    expect(decodeURIComponent(unstuffed.replaceAll('%', '%25').replaceAll('=', '%'))).toBe(`${body}\n`);
    expect(server.received()).toMatch(/^\p{ASCII}*$/u);
  });

  it('of a conversation leaves under its return path and says where answers go; one to staff does neither', async () => {
    const server = await serve();
    const identity = { messageIdLeft: 'signed', replyTo: 'reply+1@in.test', returnPath: 'bounce+1@in.test' };
    const channel = emailOver(server.url, { identify: (key, id) => ({ ...identity, messageIdLeft: `${id}=${key}` }) });
    await send(channel, { key: 'camp/ada/hello/1/0/0', conversationId: 'camp/ada' });
    await send(channel, { key: 'camp/ada/hello/1' });

    const [toRecipient, toStaff] = server.mails;
    expect(toRecipient?.from).toBe('<bounce+1@in.test>');
    expect(toRecipient?.data).toMatch(/^Reply-To: reply\+1@in\.test\r$/m);
    expect(toRecipient?.data).toMatch(/^Message-ID: <camp\/ada=camp\/ada\/hello\/1\/0\/0@example\.com>\r$/m);
    expect(toStaff?.from).toBe('<sales@example.com>');
    expect(toStaff?.data).not.toContain('Reply-To');
    expect(toStaff?.data).toMatch(/^Message-ID: <[0-9a-f]{32}@example\.com>\r$/m);
  });

  it.each([
    'ada@example.org, eve@example.net',
    'ada@example.org>\r\nRCPT TO:<eve@example.net',
    'Ada <ada@example.org>',
  ])('does not leave for %j', async (to) => {
    const server = await serve();
    const channel = emailOver(server.url);
    expect(await send(channel, { to })).toMatchObject({ status: 'rejected' });
    expect(server.commands.filter((line) => /^(MAIL|RCPT)/.test(line))).toEqual([]);
  });

  it("does not repeat the address in its reason, though the server's answer does", async () => {
    const server = await serve();
    server.script.rcpt = '550 5.1.1 <Ada@Example.org>: user unknown';
    expect(await send(emailOver(server.url))).toEqual({
      status: 'rejected',
      reason: expect.stringMatching(/^550 5\.1\.1 <\(recipient\)>: user unknown/),
    });
  });
});

describe('the address of an email', () => {
  it.each([
    [{ email: 'ada@example.org' }, { to: 'ada@example.org' }],
    [{}, { missing: 'the recipient has no email' }],
    [{ email: '' }, { missing: 'the recipient has no email' }],
    [{ email: 42 }, { missing: 'the recipient has no email' }],
    [{ email: 'ada@example.org,eve@example.net' }, { missing: 'the email is not one plain address (local@domain)' }],
  ])('of %j is %j', (recipient, address) => {
    expect(emailOver('smtp://127.0.0.1:1').addressOf(recipient)).toEqual(address);
  });
});

describe('the last look at DATA', () => {
  it('is taken when the server has granted DATA, not before, and a stop leaves no message behind', async () => {
    const server = await startScriptedSmtp();
    const channel = createEmailChannel({ url: server.url, from: 'sales@example.com', timeoutMs: 5000, connections: 1 });
    let grant: () => void = () => {};
    Object.assign(server.script, {
      data: {
        after: new Promise<void>((resolve) => {
          grant = resolve;
        }),
      },
    });
    const signal = new AbortController().signal;
    const slot = await channel.reserve(signal);
    let asked = false;
    const message = { key: 'k', to: 'ada@example.org', subject: 's', body: 'b', attempt: 1 };
    const outcome = slot.send(message, signal, () => {
      asked = true;
      return 'suspended for too long';
    });
    while (!server.commands.includes('DATA')) await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toBe(false);
    const gone = server.allGone();

    grant();

    expect(await outcome).toEqual({ status: 'held_back', reason: 'suspended for too long' });
    await gone;
    expect([server.bodies(), server.mails]).toEqual([0, []]);
    await channel.close();
    await server.stop();
  });
});
