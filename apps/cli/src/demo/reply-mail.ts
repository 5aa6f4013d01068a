import { createHash } from 'node:crypto';
import type { ReceivedMail } from '@campaign-manager/local-stack';

/** Who answers. */
export interface Author {
  readonly first_name?: unknown;
  readonly email: string;
}

export interface ReplyMail {
  readonly envelope: { readonly from: string; readonly to: string };
  readonly raw: string;
}

type Original = Pick<ReceivedMail, 'messageId' | 'subject' | 'text' | 'headers'>;

/**
 * What a mail program makes of an answer: it goes where `Reply-To` says, names what it answers, and quotes it below. Its
 * id follows from `key`, the message's: an answer to a second copy of the same message is the same answer. Pure.
 */
export function replyMail(original: Original, key: string, author: Author, says: string, now: Date): ReplyMail {
  const { messageId, subject, text, headers } = original;
  const to = headers['reply-to'] ?? headers['from'] ?? '';
  const references = [headers['references'], messageId].filter(Boolean).join(' ');
  const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
  const lines = [
    `From: ${author.first_name} <${author.email}>`,
    `To: ${to}`,
    `Subject: ${subject.startsWith('Re: ') ? subject : `Re: ${subject}`}`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@example.test>`,
    `In-Reply-To: ${messageId}`,
    `References: ${references}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    ...says.split('\n'),
    '',
    `On ${now.toUTCString().slice(0, 22)}, ${headers['from'] ?? ''} wrote:`,
    '',
    ...text.split('\n').map((line) => `> ${line}`),
    '',
  ];
  return { envelope: { from: author.email, to }, raw: lines.join('\r\n') };
}
