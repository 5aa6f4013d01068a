import type { TemplateMessage } from '../schemas/template.js';
import { askedNumber } from './asked-number.js';
import { compileTemplate } from './compile-template.js';

const rated = [{ condition: 'response.rating < 4', template: 'Sorry.' }];

function asked(messages: readonly TemplateMessage[], condition = 'response.intent == "yes"') {
  const transitions = [{ condition, to: null }];
  const stages = { one: { messages: [...messages], progression_rules: { transitions } } };
  return askedNumber(compileTemplate({ _id: 't', name: 'T', type: 'support', stages }, 1));
}

describe('askedNumber', () => {
  it('is the only field that texts and conditions use beside intent and text, with the numbers that the texts name', () => {
    const messages = [
      { template: 'From 1-5, with 5 being excellent?' },
      { template: 'You wrote {{response.text}} and {{response.rating}}', conditional_templates: rated },
    ];
    expect(asked(messages)).toEqual({ field: 'rating', scales: [1, 5] });
  });

  it.each<[where: string, message: TemplateMessage, condition?: string]>([
    ['a text', { template: '{{ response.rating }}' }],
    ['a subject', { template: 'x', subject: '{{response.rating}}' }],
    ['a section', { template: '{{#response.rating}}x{{/response.rating}}' }],
    ['an inverted section', { template: '{{^ response.rating}}x{{/response.rating}}' }],
    ['a tag inside a section', { template: '{{#vip}}{{response.rating}}{{/vip}}' }],
    ['a condition of a text', { template: 'x', conditional_templates: rated }],
    [
      'a text under a condition',
      { template: 'x', conditional_templates: [{ condition: 'true', template: '{{response.rating}}' }] },
    ],
    ['a follow-up', { template: 'x', follow_up_templates: ['{{response.rating}}'] }],
    ['a transition', { template: 'x' }, "response['rating'] < 4"],
  ])('is found in %s', (_where, ...[message, condition]) => {
    expect(asked([message], condition)?.field).toBe('rating');
  });

  it.each<[what: string, message: TemplateMessage, condition?: string]>([
    ['no field', { template: '{{response.text}}' }],
    ['two fields', { template: '{{response.rating}} {{response.city}}' }],
    ['a second field inside a section', { template: '{{response.rating}} {{#vip}}{{response.city}}{{/vip}}' }],
    ['a second field in a condition', { template: '{{response.rating}}' }, 'response.city == "Rome"'],
    ['a part of a field', { template: '{{response.rating.stars}}' }],
    ['the response as a whole', { template: '{{response.rating}} {{#response}}{{city}}{{/response}}' }],
    ['a field of something else', { template: '{{recipient.rating}}' }, 'context.rating > 1'],
  ])('is nothing where the template uses %s', (_what, ...[message, condition]) => {
    expect(asked([message], condition)).toBeNull();
  });
});
