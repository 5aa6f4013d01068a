import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailFate } from '../src/mailbox/fates.js';
import { readJournal } from '../src/mailbox/journal.js';
import { type Mailbox, type MailboxOptions, startMailbox } from '../src/mailbox/mailbox.js';
import type { ReceivedMail } from '../src/mailbox/received-mail.js';
import { startProcess } from '../src/process.js';
import { type SmtpClient, smtpClient } from './smtp-client.js';

const open: { stop(): Promise<void> }[] = [];
const clients: SmtpClient[] = [];
let folder: string;

async function mailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const started = await startMailbox(options);
  open.push(started);
  return started;
}

async function client(uri: string): Promise<SmtpClient> {
  const connected = await smtpClient(uri);
  clients.push(connected);
  return connected;
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailbox-test-'));
});

afterEach(async () => {
  for (const connected of clients.splice(0)) connected.close();
  await Promise.all(open.splice(0).map((started) => started.stop()));
  await rm(folder, { recursive: true });
});

describe('a mailbox', () => {
  it('keeps a mail with its envelope, headers and text, and tells its listeners', async () => {
    const box = await mailbox({ now: () => 1_700_000_000_000 });
    const heard = new Promise<ReceivedMail>((resolve) => box.onMail(resolve));
    const smtp = await client(box.uri);

    expect(
      await smtp.mail('ada@example.com', 'Message-ID: <1@x>', 'Subject: Hello', 'X-Key: k1', '', 'Dear Ada,', '..dots'),
    ).toMatch(/^250 /);

    expect(box.messages()).toEqual([
      {
        messageId: '<1@x>',
        to: 'ada@example.com',
        from: 'sales@example.com',
        subject: 'Hello',
        text: 'Dear Ada,\n.dots',
        headers: { 'message-id': '<1@x>', subject: 'Hello', 'x-key': 'k1' },
        receivedAt: 1_700_000_000_000,
      },
    ]);
    expect(await heard).toBe(box.messages()[0]);
  });

  it('offers pipelining, and neither TLS nor a login', async () => {
    const { greeting } = await client((await mailbox()).uri);

    expect(greeting.join('\n')).toContain('PIPELINING');
    expect(greeting.join('\n')).not.toMatch(/STARTTLS|AUTH/);
  });

  it('understands a client that writes the next envelope behind the body', async () => {
    const box = await mailbox();
    const smtp = await client(box.uri);
    const envelope = ['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA'];

    await smtp.say(envelope, 3);
    const answers = await smtp.say(['Subject: one', '', 'x', '.', ...envelope], 4);
    const last = await smtp.say(['Subject: two', '', 'y', '.'], 1);

    expect([...answers, ...last].map((answer) => answer.slice(0, 3))).toEqual(['250', '250', '250', '354', '250']);
    expect(box.messages().map(({ subject }) => subject)).toEqual(['one', 'two']);
  });

  it.each([
    [{ code: 550, text: 'No such person' }, /^550 /],
    [{ code: 451, text: 'Later' }, /^451 /],
  ])('refuses with %p and keeps nothing', async (fate, expected) => {
    const box = await mailbox({ intercept: () => fate });

    expect(await (await client(box.uri)).mail('ada@example.com', 'Subject: Hello', '', 'x')).toMatch(expected);
    expect(box.messages()).toEqual([]);
  });

  it.each<[MailFate, number]>([
    ['drop', 0],
    ['accept-then-drop', 1],
  ])('breaks the connection instead of answering for the fate %s, with %i mails kept', async (fate, kept) => {
    const box = await mailbox({ intercept: () => fate });
    const smtp = await client(box.uri);

    await expect(smtp.mail('ada@example.com', 'Subject: Hello', '', 'x')).rejects.toThrow('closed the connection');
    expect(box.messages()).toHaveLength(kept);
  });

  it('never answers a mail whose fate is to hang, and still stops at once', async () => {
    const read = deferred();
    const box = await mailbox({
      intercept: () => {
        read.resolve();
        return 'hang';
      },
    });
    const answer = (await client(box.uri)).mail('ada@example.com', 'Subject: Hello', '', 'x');
    await read.promise;

    await Promise.all([expect(answer).rejects.toThrow('closed the connection'), box.stop()]);
    expect(box.messages()).toEqual([]);
  });
});

describe("a mailbox's journal", () => {
  it('brings the mails back, without a line that was left unfinished', async () => {
    const journalPath = join(folder, 'journal.ndjson');
    const first = await startMailbox({ journalPath });
    await (await client(first.uri)).mail('ada@example.com', 'Message-ID: <1@x>', '', 'x');
    await first.stop();
    await appendFile(journalPath, '{"messageId":"<2@x>","to":"bo');

    const second = await mailbox({ journalPath });
    await (await client(second.uri)).mail('cy@example.com', 'Message-ID: <3@x>', '', 'x');

    expect(second.messages().map(({ messageId }) => messageId)).toEqual(['<1@x>', '<3@x>']);
    expect(await readJournal(journalPath)).toEqual(second.messages());
  });

  it('holds every mail that was answered with 250, though the mailbox is killed in the midst of them', async () => {
    const journalPath = join(folder, 'journal.ndjson');
    const file = join(__dirname, 'fixtures', 'mailbox.mjs');
    const running = startProcess({ label: 'mailbox', file, args: [journalPath] });
    const uri = (await running.waitForLine(/^smtp:/)).trim();
    const acknowledged: string[] = [];

    const send = async (sender: number) => {
      const smtp = await client(uri);
      for (let n = 0; ; n += 1) {
        const id = `<${sender}-${n}@x>`;
        const answer = await smtp.mail('ada@example.com', `Message-ID: ${id}`, '', 'x');
        if (answer.startsWith('250')) acknowledged.push(id);
        if (acknowledged.length === 200) running.kill('SIGKILL');
      }
    };
    await Promise.allSettled([1, 2, 3, 4, 5, 6, 7, 8].map(send));
    await running.exited;

    const kept = new Set((await readJournal(journalPath)).map(({ messageId }) => messageId));
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    // At most one mail of each sender was on its way.
    expect(kept.size - acknowledged.length).toBeLessThanOrEqual(8);
    expect((await readFile(journalPath, 'utf8')).split('\n').length).toBeGreaterThan(200);
  });
});
