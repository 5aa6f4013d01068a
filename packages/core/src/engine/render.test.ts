import type { TemplateMessage } from '../schemas/template.js';
import { decide } from './decide.js';
import { HOUR, inputOf, live, message, reply, type Scenario, stage } from './fixtures/scenario.js';
import { renderMessage } from './render.js';

/** Design, section 4, "Messages", "conditional_templates" and "Mustache": what a recipient reads. */
const waiting = { response_required: true, max_stage_duration_hours: 100, min_responses_required: 9 };
const one = (text: Partial<TemplateMessage>, more: Partial<Scenario> = {}): Scenario => ({
  stages: { a: { ...stage([{ template: 'Hello', ...text }], waiting), name: 'First contact' } },
  ...more,
});

function firstOf(scenario: Scenario) {
  return decide(inputOf(scenario)).sends[0]?.content;
}

describe('the text of a message', () => {
  it.each<[string, Scenario, string]>([
    ['the recipient', one({ template: 'Hi {{recipient.first_name}}' }), 'Hi Ada'],
    ['the campaign', one({ template: '{{campaign.id}} {{campaign.name}} {{campaign.type}}' }), 'camp Camp sales'],
    [
      'the conversation',
      one({ template: '{{conversation.id}} {{conversation.stage}} {{conversation.visit}} {{conversation.responses}}' }),
      'camp/ada a 1 0',
    ],
    [
      "the campaign's context at the top level",
      one({ template: '{{company.name}}' }, { campaign: { context: { company: { name: 'Acme' } } } }),
      'Acme',
    ],
    [
      "the member's context over the campaign's, object by object",
      one(
        { template: '{{company.name}} in {{company.city}}, {{tags}}' },
        {
          campaign: { context: { company: { name: 'Acme', city: 'Rome' }, tags: 1 } },
          context: { company: { name: 'Bolt' }, tags: 2 },
        },
      ),
      'Bolt in Rome, 2',
    ],
    [
      'nothing escaped, since it is plain text',
      one({ template: '{{recipient.first_name}}' }, { recipient: { first_name: '<A&B>' } }),
      '<A&B>',
    ],
  ])('sees %s', (_what, scenario, text) => {
    expect(firstOf(scenario)?.body).toBe(text);
  });

  it('sees the newest value of each field over all replies, and so does the condition that chooses it', () => {
    const { texts } = live({
      stages: {
        a: stage(
          [
            message(),
            {
              template: 'Thank you for your {{response.rating}}',
              conditional_templates: [
                { condition: 'response.rating < 2', template: 'the first rating' },
                { condition: 'response.rating < 4', template: 'Sorry for {{response.rating}} in {{response.city}}' },
              ],
              timing: { delay_hours: 5 },
            },
          ],
          waiting,
        ),
      },
      events: [reply(1, undefined, { rating: 1, city: 'Rome' }), reply(2, undefined, { rating: 3 }), reply(3)],
    });
    expect(texts).toEqual(['Hello', 'Sorry for 3 in Rome']);
  });

  it('is not chosen by the intent or the text of an earlier reply', () => {
    const conditional_templates = [
      { condition: 'response.intent == "yes" or response.text', template: 'an earlier reply' },
    ];
    const { texts } = live({
      stages: {
        a: stage([message(), { template: 'else', conditional_templates, timing: { delay_hours: 5 } }], waiting),
      },
      events: [reply(1, 'yes', { text: 'Yes!' }), reply(2, undefined, { rating: 3 })],
    });
    expect(texts).toEqual(['Hello', 'else']);
  });

  it.each([
    [{ rating: 1 }, 'bad'],
    [{ rating: 3 }, 'fair'],
    [{ rating: 5 }, 'else'],
    [{}, 'else'],
  ])('is that of the first true condition for a reply with %j', (data, text) => {
    const conditional_templates = [
      { condition: 'response.rating < 2', template: 'bad' },
      { condition: 'response.rating < 4', template: 'fair' },
    ];
    const { texts } = live({
      stages: {
        a: stage([message(), { template: 'else', conditional_templates, timing: { delay_hours: 2 } }], waiting),
      },
      events: [reply(1, undefined, data)],
    });
    expect(texts.at(-1)).toBe(text);
  });
});

describe('the text of a follow-up', () => {
  const followed = (templates: string[] | undefined): Scenario => ({
    ...one({
      template: 'Hello',
      ...(templates && { follow_up_templates: templates }),
      timing: { max_follow_ups: 3, follow_up_delay_hours: 10 },
    }),
  });

  it('is its own where there is one, else that of the message', () => {
    expect(live(followed(['Again', 'Once more'])).texts).toEqual(['Hello', 'Again', 'Once more', 'Hello']);
    expect(live(followed(undefined)).texts).toEqual(['Hello', 'Hello', 'Hello', 'Hello']);
  });

  it('is the one that a withdrawn follow-up would have had', () => {
    const { texts } = live({ ...followed(['Again', 'Once more']), ledger: { 'a/0+1': 'no row' }, events: [reply(12)] });
    expect(texts.slice(0, 4)).toEqual(['Hello', 'Again', 'Again', 'Once more']);
  });

  it('is the same when it is sent again', () => {
    const input = inputOf(followed(['Again', 'Once more']));
    const key = 'camp/ada/a/1/0/2';
    const { state } = decide({
      ...input,
      state: {
        ...input.state,
        inbox: [{ id: 'x', type: 'command', at: 0, by: 'o', command: { name: 'resend', key } }],
      },
    });
    const resent = state.outbox.find((effect) => effect.key === `${key}/r1`);
    expect(resent?.kind === 'message' && renderMessage(input, state, resent)?.content.body).toBe('Once more');
  });
});

describe('the subject', () => {
  it.each<[string, Scenario, string]>([
    ['is its own', one({ subject: 'For {{recipient.first_name}}' }), 'For Ada'],
    ["is the stage's human name where the message has none", one({}), 'First contact'],
    ["is the stage's key where the stage has no human name", { stages: { a: stage([message()], waiting) } }, 'a'],
    [
      'is one line, whatever is put into it',
      one({ subject: 'For {{recipient.first_name}}' }, { recipient: { first_name: 'A\r\nBcc: b@example.com' } }),
      'For A Bcc: b@example.com',
    ],
  ])('%s', (_name, scenario, subject) => {
    expect(firstOf(scenario)?.subject).toBe(subject);
  });

  it('of a follow-up begins with Re:', () => {
    const input = inputOf(one({ timing: { max_follow_ups: 1, follow_up_delay_hours: 1 } }));
    const effect = { kind: 'message', key: 'k', stage: 'a', visit: 1, index: 0, ordinal: 1, decided_at: 0 } as const;
    expect(renderMessage(input, input.state, effect)?.content.subject).toBe('Re: First contact');
  });
});

describe('a missing variable', () => {
  const scenario = one({
    subject: '{{recipient.title}}',
    template: 'Dear {{recipient.last_name}} {{recipient.title}}',
  });

  it('blocks the conversation, which names every one of them, and sends nothing', () => {
    const { state, sends } = decide(inputOf(scenario));
    expect(sends).toEqual([]);
    expect(state).toMatchObject({
      status: 'blocked',
      reason: 'missing_variable: recipient.title, recipient.last_name',
      outbox: [],
    });
  });

  it('is empty where the campaign says so', () => {
    const empty: Scenario = { ...scenario, campaign: { missing_variables: 'empty' } };
    expect(firstOf(empty)).toEqual({ subject: '', body: 'Dear  ' });
  });

  it('in a follow-up blocks when the follow-up is due', () => {
    const { state } = live(
      one({ follow_up_templates: ['{{recipient.title}}'], timing: { max_follow_ups: 1, follow_up_delay_hours: 5 } }),
    );
    expect(state).toMatchObject({ status: 'blocked', visit: { follow_ups: 0 } });
    expect(state.visit.messages).toMatchObject([{ decided_at: 0, ordinal: 0 }]);
  });
});

it('a sending whose stage or message the template lacks has no text', () => {
  const input = inputOf(one({}));
  const effect = {
    kind: 'message',
    key: 'k',
    stage: 'a',
    visit: 1,
    index: 0,
    ordinal: 0,
    decided_at: 5 * HOUR,
  } as const;
  expect(renderMessage(input, input.state, { ...effect, index: 1 })).toBeNull();
  expect(renderMessage(input, input.state, { ...effect, stage: 'gone' })).toBeNull();
});
