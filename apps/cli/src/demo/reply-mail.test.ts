import { ownText, parseMail } from '@campaign-manager/mail';
import { replyMail } from './reply-mail.js';

const original = {
  messageId: '<signed@demo.test>',
  subject: 'One number, please',
  text: 'How was it?\n\nRating: 1 is never again.',
  headers: { from: 'Tidewater <worker-1@demo.test>', 'reply-to': 'reply+x@replies.demo.test' },
};
const ada = { first_name: 'Ada', email: 'ada@example.test' };

const answer = (key = 'c/r/s/1/0/0') => replyMail(original, key, ada, 'Rating: 4\n\nThank you.', new Date(0));

describe("a recipient's answer", () => {
  it('goes where Reply-To says, and names what it answers', async () => {
    const { envelope, raw } = answer();
    const mail = await parseMail(Buffer.from(raw));
    expect(envelope).toEqual({ from: 'ada@example.test', to: 'reply+x@replies.demo.test' });
    expect(mail?.header('in-reply-to')).toEqual(['<signed@demo.test>']);
    expect(mail?.header('references')).toEqual(['<signed@demo.test>']);
    expect(mail?.subject).toBe('Re: One number, please');
    expect(mail?.from).toBe('ada@example.test');
  });

  it('is read as what was said, and nothing of what was quoted', async () => {
    expect(ownText((await parseMail(Buffer.from(answer().raw)))?.text ?? '')).toBe('Rating: 4\n\nThank you.');
  });

  it('is the same answer to each copy of a message, and another to another message', () => {
    const idOf = (raw: string) => /^Message-ID: (.*)$/m.exec(raw)?.[1];
    expect(idOf(answer().raw)).toBe(idOf(answer().raw));
    expect(idOf(answer().raw)).not.toBe(idOf(answer('c/r/s/1/0/1').raw));
  });
});
