import { createLogChannel } from './log.js';

const never = new AbortController().signal;
const message = { key: 'c/r/s/1/0/0', to: 'ada@example.org', subject: 'Your trial', body: 'Hello Ada', attempt: 2 };

async function written(includeContent?: boolean): Promise<unknown[]> {
  const lines: string[] = [];
  const channel = createLogChannel({
    write: (line) => lines.push(line),
    ...(includeContent !== undefined && { includeContent }),
  });
  await (await channel.reserve(never)).send(message, never);
  return lines.map((line) => JSON.parse(line));
}

describe('the log channel', () => {
  it('writes the key and no personal data unless it is asked to', async () => {
    expect(await written()).toEqual([{ channel: 'log', key: message.key, attempt: 2 }]);
    expect(await written(true)).toEqual([{ channel: 'log', ...message }]);
  });

  it.each([
    [{ _id: 'u1', email: 'ada@example.org', phone: '+4930123456' }, { to: 'ada@example.org' }],
    [{ _id: 'u1', email: '', phone: '+4930123456' }, { to: '+4930123456' }],
    [{ _id: 'u1' }, { to: 'u1' }],
    [{}, { missing: 'the recipient has neither email nor phone nor _id' }],
  ])('takes the address of %j', (recipient, address) => {
    expect(createLogChannel({ write: () => undefined }).addressOf(recipient)).toEqual(address);
  });
});
