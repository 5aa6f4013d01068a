import fc from 'fast-check';
import { ownText } from './own-text.js';

/** What people's programs send, by the program and the way of answering. */
const table: readonly (readonly [name: string, lines: readonly string[], own: string])[] = [
  ['a text with nothing quoted', ['Accept proposal', '', 'We are in.'], 'Accept proposal\n\nWe are in.'],
  [
    'Gmail',
    [
      'Accept proposal',
      '',
      'On Tue, Nov 24, 2026 at 10:00 AM Sales <sales@example.com> wrote:',
      '',
      '> Hello Ada,',
      '> shall we?',
    ],
    'Accept proposal',
  ],
  [
    'Gmail, whose attribution is broken over two lines',
    ['Yes', '', 'On Tue, Nov 24, 2026 at 10:00 AM Sales and Marketing <sales@example.com>', 'wrote:', '', '> Hello'],
    'Yes',
  ],
  [
    'Gmail in German',
    ['Ja, gern.', '', 'Am Di., 24. Nov. 2026 um 10:00 Uhr schrieb Sales <sales@example.com>:', '', '> Hallo'],
    'Ja, gern.',
  ],
  [
    'Gmail in French',
    ['Oui', '', 'Le mar. 24 nov. 2026 à 10:00, Sales <sales@example.com> a écrit :', '', '> Bonjour'],
    'Oui',
  ],
  [
    'Gmail in Spanish',
    ['Sí', '', 'El mar, 24 nov 2026 a las 10:00, Sales (<sales@example.com>) escribió:', '> Hola'],
    'Sí',
  ],
  [
    'Outlook',
    [
      'Rating: 4',
      '',
      'From: Sales <sales@example.com>',
      'Sent: Tuesday, November 24, 2026 10:00 AM',
      'To: Ada <ada@example.org>',
      'Subject: Your trial',
      '',
      'Hello Ada,',
      'shall we?',
    ],
    'Rating: 4',
  ],
  [
    'Outlook on the web, with a rule above',
    [
      'Fine for me.',
      '',
      '________________________________',
      'From: Sales <sales@example.com>',
      'Sent: Tuesday, November 24, 2026 10:00:00 AM',
      'To: Ada <ada@example.org>',
      'Subject: Your trial',
      '',
      'Hello',
    ],
    'Fine for me.',
  ],
  [
    'Outlook in German',
    [
      'Passt.',
      '',
      'Von: Sales <s@example.com>',
      'Gesendet: Dienstag, 24. November 2026',
      'An: Ada',
      'Betreff: Probe',
      '',
      'Hallo',
    ],
    'Passt.',
  ],
  ['an older Outlook', ['OK', '', '-----Original Message-----', 'From: Sales', '', 'Hello'], 'OK'],
  [
    'Outlook on a telephone',
    [
      'Sure',
      '',
      'Get Outlook for iOS<https://aka.ms/o0ukef>',
      '________________________________',
      'From: Sales <s@example.com>',
      'Sent: Tuesday',
      'To: Ada',
      'Subject: Trial',
      'Hello',
    ],
    'Sure',
  ],
  [
    'Apple Mail',
    [
      'Sounds good',
      '',
      'Ada',
      '',
      '> On 24 Nov 2026, at 10:00, Sales <sales@example.com> wrote:',
      '> ',
      '> Hello Ada,',
    ],
    'Sounds good\n\nAda',
  ],
  [
    'Apple Mail on a telephone',
    [
      'Later please',
      '',
      'Sent from my iPhone',
      '',
      'On 24 Nov 2026, at 10:00, Sales <s@example.com> wrote:',
      '',
      '\ufeff',
      '> Hello',
    ],
    'Later please',
  ],
  [
    'Thunderbird',
    [
      'On 24.11.26 10:00, Sales wrote:',
      '> Hello Ada,',
      '> shall we?',
      '',
      'Yes, next week.',
      '',
      '-- ',
      'Ada Lovelace',
      'Engines Ltd',
    ],
    'Yes, next week.',
  ],
  [
    'answers between the quoted lines',
    ['On 24.11.26 10:00, Sales wrote:', '> When?', 'Monday.', '> Where?', '>> Here?', 'At ours.'],
    'Monday.\nAt ours.',
  ],
  [
    'Yahoo, which marks nothing',
    [
      'No thanks',
      '',
      'On Tuesday, November 24, 2026 at 10:00:00 AM GMT+1, Sales <s@example.com> wrote:',
      ' ',
      'Hello Ada,',
    ],
    'No thanks',
  ],
  ['lines that end as in old systems', ['Yes\r', '\r', '> Hello\r'], 'Yes'],
  ['a quotation alone', ['> Hello', '> you'], ''],
  ['nothing', [''], ''],
];

describe('the own text of a reply', () => {
  it.each(table)('is found in the way of %s', (_, lines, own) => {
    expect(ownText(lines.join('\n'))).toBe(own);
  });

  it.each([
    'From: here on it is easy.\nWe only need time.',
    'On Monday I wrote:\nnothing at all.',
    'On 3 of 5 days we met.\nIt was good.',
    'I think -- and I am not alone -- that it works.',
  ])('is kept whole where it only looks like something else: %j', (text) => {
    expect(ownText(text)).toBe(text);
  });

  it('is never longer than the text, whatever that is', () => {
    const words = fc.constantFrom(
      'On ',
      'wrote:',
      '>',
      '\n',
      '--',
      '-- ',
      'From: a',
      'Sent: b',
      'To: c',
      '_'.repeat(12),
      '24 Nov',
      'x',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ unit: 'binary' })), { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        expect(ownText(text).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
