import type { CampaignTemplate, Stage } from '../schemas/template.js';
import { lintTemplate } from './lint-template.js';

const text = { template: 'Hello {{recipient.first_name}}' };

/** A stage that waits up to 100 hours for an answer to one message. */
function waiting(rules: Stage['progression_rules'] = {}, messages: Stage['messages'] = [text]): Stage {
  return { messages, progression_rules: { response_required: true, max_stage_duration_hours: 100, ...rules } };
}

function passing(rules: Stage['progression_rules'] = {}, messages: Stage['messages'] = [text]): Stage {
  return { messages, progression_rules: rules };
}

function lint(stages: { readonly [name: string]: Stage }, more: Partial<CampaignTemplate> = {}): string[] {
  const template: CampaignTemplate = { _id: 't', name: 'T', type: 'sales', stages: { ...stages }, ...more };
  return lintTemplate(template).map(({ path, message }) => `${path}: ${message}`);
}

const message = (timing: object) => ({ ...text, timing });

describe('lintTemplate', () => {
  it('has nothing to say of a template in which everything can happen', () => {
    const followUps = { max_follow_ups: 2, follow_up_delay_hours: 49 };
    expect(
      lint({ a: waiting({ escalation_after_hours: 99 }, [message(followUps)]), b: waiting(), c: passing() }),
    ).toEqual([]);
  });

  it.each<[string, Parameters<typeof lint>, RegExp[]]>([
    [
      'a stage that the branching leaves out',
      [{ a: passing({ next_stage: 'c' }), b: passing(), c: passing() }],
      [/^\$\.stages\.b: No path leads from the first stage, `a`/],
    ],
    [
      'a stage before the first one',
      [{ a: passing(), b: passing() }, { default_initial_stage: 'b' }],
      [/^\$\.stages\.a: No path/],
    ],
    [
      'a stage behind a transition that is always taken',
      [{ a: passing({ transitions: [{ condition: 'true', to: null }] }), b: passing() }],
      [/^\$\.stages\.b: No path/],
    ],
    [
      'a stage behind one that always fails, which is told as well',
      [{ a: waiting({}, []), b: passing() }],
      [/^\$\.stages\.b: No path/, /^\$\.stages\.a\.messages: .* this one sends none\. .* the conversation fails\.$/],
    ],
    [
      'a stage whose intent ends the conversation first',
      [
        { a: waiting({ specific_response_required: 'yes', advance_on_failure: true }) },
        { completion_conditions: { specific_response_received: 'yes' } },
      ],
      [/^\$\.stages\.a\.progression_rules\.specific_response_required: The response `yes` completes .* it goes on\.$/],
    ],
    [
      'a wait for answers to a message that comes too late',
      [{ a: waiting({ auto_advance_after_max_duration: true }, [message({ delay_hours: 100 })]) }],
      [/^\$\.stages\.a\.messages\[0\]: .* none is due before the maximum duration/],
    ],
    [
      'a loop without a way out',
      [{ a: passing({ next_stage: 'b' }), b: passing({ next_stage: 'a' }) }],
      [/^\$\.stages\.a\.progression_rules: The stages a, b lead to each other and nowhere else/],
    ],
    [
      'a stage that leads to itself only',
      [{ a: passing({ next_stage: 'a' }) }],
      [/^\$\.stages\.a\.progression_rules: This stage leads to itself and nowhere else/],
    ],
    [
      'a message after the maximum',
      [{ a: waiting({}, [text, message({ delay_hours: 101 })]) }],
      [/^\$\.stages\.a\.messages\[1\]\.timing\.delay_hours: This message is never sent: it is due 101 hours/],
    ],
    [
      'follow-ups that do not fit before the maximum, the one on it included',
      [{ a: waiting({}, [message({ max_follow_ups: 3, follow_up_delay_hours: 50 })]) }],
      [/^\$\.stages\.a\.messages\[0\]\.timing: Of 3 follow-ups, 2 are never sent: the last would be due 150 hours/],
    ],
    [
      'a follow-up that the next message comes before',
      [{ a: waiting({}, [message({ max_follow_ups: 1, follow_up_delay_hours: 10 }), message({ delay_hours: 10 })]) }],
      [
        /^\$\.stages\.a\.messages\[0\]\.timing: The follow-up is never sent: .* sends its next message after 10 hours\.$/,
      ],
    ],
    [
      'a follow-up in a stage that waits for nobody',
      [{ a: passing({ min_stage_duration_hours: 1 }, [message({ max_follow_ups: 1, follow_up_delay_hours: 24 })]) }],
      [/The follow-up is never sent: .* waits for nobody and is left after 1 hour\.$/],
    ],
    [
      'an escalation on the maximum',
      [{ a: waiting({ escalation_after_hours: 100 }) }],
      [/^\$\.stages\.a\.progression_rules\.escalation_after_hours: Nobody is ever told/],
    ],
    [
      'a condition on the context without its root',
      [{ a: passing({ transitions: [{ condition: 'deal.size > 5', to: null }] }) }],
      [/^\$\.stages\.a\.progression_rules\.transitions\[0\]\.condition: Nothing provides `deal\.size` to a condition/],
    ],
    [
      'a condition on a field that campaigns do not have',
      [
        {
          a: passing({}, [
            { ...text, conditional_templates: [{ condition: 'campaign.owner == "x"', template: 'Hi' }] },
          ]),
        },
      ],
      [/conditional_templates\[0\]\.condition: Nothing provides `campaign\.owner`: expected one of campaign\.id/],
    ],
    [
      'a text that names the context',
      [{ a: passing({}, [{ template: 'Hello {{context.name}}', subject: '{{conversation.nr}}' }]) }],
      [/template: Nothing provides `context\.name` to a text/, /subject: Nothing provides `conversation\.nr`/],
    ],
  ])('warns of %s', (_what, template, expected) => {
    const warnings = lint(...template);
    expect(warnings).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(warnings[index]).toMatch(pattern);
  });

  it.each<[string, Parameters<typeof lint>]>([
    [
      'a loop with a transition out of it',
      [{ a: passing({ transitions: [{ condition: 'response.done', to: null }], next_stage: 'a' }) }],
    ],
    ['a loop that a silent recipient fails in', [{ a: waiting({ next_stage: 'a' }) }]],
    [
      'a loop that an intent completes',
      [{ a: passing({ next_stage: 'a' }) }, { completion_conditions: { specific_response_received: 'yes' } }],
    ],
    ['a message on the maximum', [{ a: waiting({}, [text, message({ delay_hours: 100 })]) }]],
    ['a wait without a message for one named intent', [{ a: waiting({ specific_response_required: 'yes' }, []) }]],
    ['what has no maximum', [{ a: passing({ response_required: true, escalation_after_hours: 8_000_000 }) }]],
  ])('is content with %s', (_what, template) => {
    expect(lint(...template)).toEqual([]);
  });
});
