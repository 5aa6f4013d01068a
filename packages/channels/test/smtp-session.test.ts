import type { LastLook } from '../src/channel.js';
import { openSmtpSession, type SmtpSession } from '../src/smtp-session.js';
import { type Reaction, type ScriptedSmtp, type Step, startScriptedSmtp, type Travel } from './scripted-smtp.js';

const never = new AbortController().signal;
const ENVELOPE = { from: 'sales@example.com', to: 'ada@example.org' };
const MAIL = 'Subject: Your trial\r\n\r\nHello Ada\n.\nshall we talk?';
const COMMANDS = 'MAIL FROM:<sales@example.com>\r\nRCPT TO:<ada@example.org>\r\nDATA\r\n';
const WAYS: readonly (readonly [string, readonly string[]])[] = [
  ['with pipelining', ['8BITMIME', 'PIPELINING']],
  ['without pipelining', ['8BITMIME']],
];

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function connect(extensions?: readonly string[], travel?: Travel, timeoutMs = 5000) {
  const server = await startScriptedSmtp(extensions, travel);
  open.push(() => server.stop());
  const place = { host: '127.0.0.1', port: server.port, secure: false, requireTls: false };
  const session = await openSmtpSession(place, timeoutMs, [never]);
  open.push(() => session.destroy());
  return { server, session };
}

const send = (session: SmtpSession, signal = never, lastLook: LastLook = () => null) =>
  session.send(ENVELOPE, MAIL, signal, lastLook);

/** What has arrived at the server after EHLO. */
const afterEhlo = (server: ScriptedSmtp) => server.received().replace(/^EHLO .*\r\n/, '');

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const answered = (bodyStarted: boolean, command: string, code: number) =>
  expect.objectContaining({ kind: 'answered', bodyStarted, command, code });

describe.each(WAYS)('a transaction %s', (_name, extensions) => {
  describe.each<Travel>(['as written', 'together', 'byte by byte'])('whose replies travel %s', (travel) => {
    it.each<[Step, Reaction, unknown, boolean]>([
      ['dot', '250 queued as 4711', { kind: 'accepted', response: '250 queued as 4711' }, true],
      ['dot', '250-queued\r\n250 as 4711', { kind: 'accepted', response: '250-queued\n250 as 4711' }, true],
      ['mail', '451-later\r\n451 perhaps', answered(false, 'MAIL FROM', 451), true],
      ['mail', '421 closing', answered(false, 'MAIL FROM', 421), false],
      ['rcpt', '550-no such\r\n550 user', answered(false, 'RCPT TO', 550), true],
      ['rcpt', '421 closing', answered(false, 'RCPT TO', 421), false],
      ['data', '451 later', answered(false, 'DATA', 451), true],
      ['data', '421 closing', answered(false, 'DATA', 421), false],
      ['dot', '554-spam\r\n554 we say', answered(true, 'DATA', 554), true],
      ['dot', '354 more?', answered(true, 'DATA', 354), true],
      ['dot', '421 closing', answered(true, 'DATA', 421), false],
      ['mail', 'ok!', expect.objectContaining({ kind: 'lost', bodyStarted: false }), false],
      ['dot', 'ok!', expect.objectContaining({ kind: 'lost', bodyStarted: true }), false],
    ])('%s: %j', async (step, reaction, result, staysAlive) => {
      const { server, session } = await connect(extensions, travel);
      server.script[step] = reaction;
      expect(await send(session)).toEqual(result);
      expect(session.isAlive()).toBe(staysAlive);
      if (!staysAlive) return;
      delete server.script[step];
      expect(await session.reset()).toBe(true);
      expect(await send(session)).toMatchObject({ kind: 'accepted' });
      expect(server.connections.total).toBe(1);
    });
  });

  it.each([
    ['250 queued', answered(false, 'CONN', 250)],
    ['421 closing', answered(false, 'CONN', 421)],
    [
      '550-no',
      expect.objectContaining({ kind: 'lost', bodyStarted: false, reason: expect.stringContaining('550-no') }),
    ],
  ])('sends nothing where more than the grant has come: %j', async (more, result) => {
    const { server, session } = await connect(extensions);
    server.script.data = `354 go ahead\r\n${more}`;
    const look = jest.fn(() => null);
    const outcome = send(session, never, look);
    await until(() => server.commands.includes('DATA'));
    if (more === '550-no') await server.hangUp();
    expect(await outcome).toEqual(result);
    expect([session.isAlive(), look.mock.calls.length]).toEqual([false, 0]);
    expect(afterEhlo(server)).toBe(COMMANDS);
  });

  it('sends nothing where an answer too many has come to the sender', async () => {
    const { server, session } = await connect(extensions);
    server.script.mail = '250 sender ok\r\n250 sender still ok';
    expect(await send(session)).toMatchObject({ kind: 'answered', bodyStarted: false });
    expect(session.isAlive()).toBe(false);
    expect(afterEhlo(server)).toBe(extensions.includes('PIPELINING') ? COMMANDS : 'MAIL FROM:<sales@example.com>\r\n');
  });

  it.each(['250 '.padEnd(20_000, 'x'), '250-'.padEnd(20_000, 'x'), '250-more\r\n'.repeat(2000)])(
    'does not know what an endless answer to the mail means (%.12j)',
    async (answer) => {
      const { server, session } = await connect(extensions);
      server.script.dot = answer;
      expect(await send(session)).toEqual({ kind: 'lost', bodyStarted: true, reason: 'an endless reply' });
      expect(session.isAlive()).toBe(false);
    },
  );

  it('brings every line of a mail, and nothing else', async () => {
    const { server, session } = await connect(extensions);
    await send(session);
    expect(server.mails.map(({ data }) => data)).toEqual([
      'Subject: Your trial\r\n\r\nHello Ada\r\n..\r\nshall we talk?\r\n',
    ]);
    expect(afterEhlo(server)).toBe(`${COMMANDS}${server.mails[0]?.data}.\r\n`);
  });

  it.each<Step>(['mail', 'rcpt'])('gives nothing to a server that refuses at %s and grants DATA', async (step) => {
    const { server, session } = await connect(extensions);
    Object.assign(server.script, { [step]: '550 no', data: '354 go ahead' });
    const look = jest.fn(() => null);
    const gone = server.allGone();
    expect(await send(session, never, look)).toMatchObject({ kind: 'answered', bodyStarted: false, code: 550 });
    if (extensions.includes('PIPELINING')) {
      expect(session.isAlive()).toBe(false);
      await gone;
      expect(afterEhlo(server)).toBe(COMMANDS);
    }
    expect(look).not.toHaveBeenCalled();
    expect(server.bodies()).toBe(0);
  });

  it.each<[string, LastLook]>([
    ['at once', () => 'too old'],
    ['after a while', async () => 'too old'],
  ])('sends not one byte of the mail where the last look says stop %s', async (_when, look) => {
    const { server, session } = await connect(extensions);
    const gone = server.allGone();
    expect(await send(session, never, look)).toEqual({ kind: 'stopped', reason: 'too old' });
    await gone;
    expect(afterEhlo(server)).toBe(COMMANDS);
  });

  it('has written the mail before the turn of a last look that says go has ended', async () => {
    const { server, session } = await connect(extensions);
    const order: string[] = [];
    const write = jest.spyOn((await import('node:net')).Socket.prototype, 'write');
    await send(session, never, () => {
      const before = write.mock.calls.length;
      queueMicrotask(() => order.push(`${write.mock.calls.length - before} written`));
      return null;
    });
    write.mockRestore();
    expect([order, server.mails.length]).toEqual([['1 written'], 1]);
  });

  it('sends nothing where the server speaks or leaves while the last look takes its time', async () => {
    for (const [say, result] of [
      ['421 too slow\r\n', { kind: 'answered', command: 'CONN', code: 421, bodyStarted: false }],
      ['250 what?\r\n', { kind: 'answered', command: 'CONN', code: 250, bodyStarted: false }],
      ['what?\r\n', { kind: 'lost', bodyStarted: false }],
      [undefined, { kind: 'lost', bodyStarted: false }],
    ] as const) {
      const { server, session } = await connect(extensions);
      let answer: (stop: string | null) => void = () => {};
      const gone = server.allGone();
      const outcome = send(session, never, () => {
        if (say === undefined) void server.hangUp();
        else server.say(say);
        return new Promise((resolve) => {
          answer = resolve;
        });
      });
      expect(await outcome).toMatchObject(result);
      answer(null);
      await gone;
      expect(afterEhlo(server)).toBe(COMMANDS);
    }
  });

  it.each<[Step | 'look', boolean]>([
    ['mail', false],
    ['rcpt', false],
    ['data', false],
    ['look', false],
    ['dot', true],
  ])('ends at once when it is aborted at %s', async (step, bodyStarted) => {
    const { server, session } = await connect(extensions);
    if (step !== 'look') server.script[step] = 'hang';
    const abort = new AbortController();
    let asked = false;
    const outcome = send(session, abort.signal, () => {
      asked = true;
      return step === 'look' ? new Promise(() => {}) : null;
    });
    const gone = server.allGone();
    await until(() => {
      if (step === 'look') return asked;
      if (step === 'dot') return server.bodies() > 0;
      return server.commands.some((line) => line.toLowerCase().startsWith(step));
    });
    abort.abort();
    expect(session.isAlive()).toBe(false);
    expect(await outcome).toEqual({ kind: 'lost', bodyStarted, reason: 'aborted' });
    await gone;
    expect(server.bodies()).toBe(bodyStarted ? 1 : 0);
  });
});

describe('pipelining', () => {
  it.each([
    ['PIPELINING', COMMANDS],
    ['pipelining', COMMANDS],
    ['X-PIPELINING', 'MAIL FROM:<sales@example.com>\r\n'],
    ['SIZE', 'MAIL FROM:<sales@example.com>\r\n'],
  ])('is done where the server announces it (%s)', async (extension, commands) => {
    const { server, session } = await connect(['8BITMIME', extension]);
    server.script.mail = 'hang';
    void send(session);
    await until(() => afterEhlo(server) !== '' && server.commands.length > 1);
    expect(afterEhlo(server)).toBe(commands);
  });

  it('is not done after HELO', async () => {
    const server = await startScriptedSmtp();
    open.push(() => server.stop());
    server.script.ehlo = '500 what?';
    const connecting = openSmtpSession(
      { host: '127.0.0.1', port: server.port, secure: false, requireTls: false },
      5000,
      [never],
    );
    await until(() => server.commands.length > 0);
    delete server.script.ehlo;
    const session = await connecting;
    open.push(() => session.destroy());
    server.script.mail = 'hang';
    void send(session);
    await until(() => server.commands.length > 2);
    expect(server.commands.at(-1)).toBe('MAIL FROM:<sales@example.com>');
    expect(server.received()).not.toContain('DATA');
  });
});

describe('an idle session', () => {
  it.each(['421 idle for too long\r\n', '250 by the way\r\n', 'hello?\r\n', '4', 'x'.repeat(100_000)])(
    'ends when the server says something (%.20j)',
    async (text) => {
      const { server, session } = await connect();
      await send(session);
      const ended = new Promise<void>((resolve) => session.onEnd(resolve));
      server.say(text);
      await ended;
      expect(session.isAlive()).toBe(false);
      expect(await send(session)).toMatchObject({ kind: 'lost', bodyStarted: false });
      expect(server.mails).toHaveLength(1);
    },
  );

  it('bears with empty lines', async () => {
    const { server, session } = await connect();
    server.say('\r\n');
    expect(await send(session)).toMatchObject({ kind: 'accepted' });
    expect(server.connections.total).toBe(1);
  });
});

it.each(['ada@example.org>\r\nRCPT TO:<eve@example.net', 'ada@example.org\r\n', 'a b@example.org'])(
  'a session writes nothing for the address %j',
  async (to) => {
    const { server, session } = await connect();
    expect(await session.send({ ...ENVELOPE, to }, MAIL, never, () => null)).toMatchObject({
      kind: 'lost',
      bodyStarted: false,
    });
    expect(afterEhlo(server)).toBe('');
  },
);
