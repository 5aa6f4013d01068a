import { checkScenario } from '../schemas/check-scenario.js';
import {
  brief,
  hybridRule,
  responseBasedRule,
  ruleTemplate,
  salesTemplate,
  scenarioOf,
  sourceChecks,
  supportTemplate,
  timeBasedRule,
} from './fixtures/sample-scenarios.js';
import { type ScenarioInput, simulateScenario } from './simulate-scenario.js';

/** What happens to one recipient, after the scenario was validated like anybody's. */
function story(scenario: ScenarioInput, recipient: string): readonly string[] {
  expect(checkScenario(scenario, sourceChecks).faults).toEqual([]);
  return simulateScenario(scenario)
    .filter((event) => event.recipient === recipient)
    .map(brief);
}

describe('the sales template', () => {
  const scenario = scenarioOf(
    salesTemplate,
    {
      keen: [
        [5, 'interested'],
        [60, 'demo'],
        [130, 'accept_proposal'],
      ],
      silent: [],
      slow: [[50], [220]],
      declines: [[30], [60], [150, 'not_now']],
      early: [[2, 'accept_proposal'], [7]],
      leaves: [],
    },
    { opt_outs: [{ recipient: 'leaves', at_hours: 100 }] },
  );

  it.each([
    [
      'keen', // waits for each minimum: 24, then 24 + 48; messages 24 and 48 hours after each entry
      [
        '0 entered awareness',
        '0 sent awareness 0+0',
        '5 response awareness',
        '24 advanced awareness consideration response',
        '24 entered consideration',
        '48 sent consideration 0+0',
        '60 response consideration',
        '72 advanced consideration decision response',
        '72 entered decision',
        '120 sent decision 0+0',
        '130 response decision',
        '130 completed decision success specific_response_received',
      ],
    ],
    [
      'silent', // two follow-ups, 48 hours apart; then nothing until the maximum
      [
        '0 entered awareness',
        '0 sent awareness 0+0',
        '48 sent awareness 0+1',
        '96 sent awareness 0+2',
        '168 completed awareness failed max_duration',
      ],
    ],
    [
      'slow', // both minima have passed when the answers come; nothing is heard after the offer: 220 + 504
      [
        '0 entered awareness',
        '0 sent awareness 0+0',
        '48 sent awareness 0+1',
        '50 response awareness',
        '50 advanced awareness consideration response',
        '50 entered consideration',
        '74 sent consideration 0+0',
        '146 sent consideration 0+1',
        '218 sent consideration 0+2',
        '220 response consideration',
        '220 advanced consideration decision response',
        '220 entered decision',
        '268 sent decision 0+0',
        '364 sent decision 0+1',
        '460 sent decision 0+2',
        '556 sent decision 0+3',
        '724 completed decision failed max_duration',
      ],
    ],
    [
      'declines', // the last answer comes at the very minimum, 78 + 72
      [
        '0 entered awareness',
        '0 sent awareness 0+0',
        '30 response awareness',
        '30 advanced awareness consideration response',
        '30 entered consideration',
        '54 sent consideration 0+0',
        '60 response consideration',
        '78 advanced consideration decision response',
        '78 entered decision',
        '126 sent decision 0+0',
        '150 response decision',
        '150 completed decision success all_stages_completed',
      ],
    ],
    [
      'early', // and what comes after the end is nobody's
      [
        '0 entered awareness',
        '0 sent awareness 0+0',
        '2 response awareness',
        '2 completed awareness success specific_response_received',
      ],
    ],
    [
      'leaves',
      [
        '0 entered awareness',
        '0 sent awareness 0+0',
        '48 sent awareness 0+1',
        '96 sent awareness 0+2',
        '100 completed awareness opted_out opt_out',
      ],
    ],
  ])('tells the story of %s', (recipient, expected) => {
    expect(story(scenario, recipient)).toEqual(expected);
  });
});

describe('the support template', () => {
  const scenario = scenarioOf(supportTemplate, {
    prompt: [
      [26, 'resolved'],
      [40, 'rated', { rating: 5 }],
    ],
    unhappy: [[80], [100, 'rated', { rating: 2 }]],
    postscript: [[26], [40, 'rated', { rating: 1 }], [42]],
    silent: [],
    unrated: [[25]],
    hasty: [[10], [24]],
  });

  it.each([
    [
      'prompt',
      [
        '0 entered initial_followup',
        '24 sent initial_followup 0+0',
        '26 response initial_followup',
        '26 advanced initial_followup feedback response',
        '26 entered feedback',
        '30 sent feedback 0+0',
        '40 response feedback',
        '40 advanced feedback satisfaction response',
        '40 entered satisfaction',
        '44 sent satisfaction 0+0',
        '44 completed satisfaction success all_stages_completed',
      ],
    ],
    [
      'unhappy',
      [
        '0 entered initial_followup',
        '24 sent initial_followup 0+0',
        '72 sent initial_followup 0+1',
        '80 response initial_followup',
        '80 advanced initial_followup feedback response',
        '80 entered feedback',
        '84 sent feedback 0+0',
        '100 response feedback',
        '100 advanced feedback satisfaction response',
        '100 entered satisfaction',
        '104 sent satisfaction 0+0',
        '104 completed satisfaction success all_stages_completed',
      ],
    ],
    [
      'silent',
      [
        '0 entered initial_followup',
        '24 sent initial_followup 0+0',
        '72 sent initial_followup 0+1',
        '96 completed initial_followup failed max_duration',
      ],
    ],
    [
      'unrated',
      [
        '0 entered initial_followup',
        '24 sent initial_followup 0+0',
        '25 response initial_followup',
        '25 advanced initial_followup feedback response',
        '25 entered feedback',
        '29 sent feedback 0+0',
        '77 sent feedback 0+1',
        '97 completed feedback failed max_duration',
      ],
    ],
    [
      'hasty', // writes before there is anything to answer: neither reply counts
      [
        '0 entered initial_followup',
        '10 response initial_followup',
        '24 response initial_followup',
        '24 sent initial_followup 0+0',
        '72 sent initial_followup 0+1',
        '96 completed initial_followup failed max_duration',
      ],
    ],
  ])('tells the story of %s', (recipient, expected) => {
    expect(story(scenario, recipient)).toEqual(expected);
  });

  it('renders each text as its reader will see it', () => {
    const texts = simulateScenario(scenario).flatMap((event) =>
      event.event === 'sent' && event.stage !== 'feedback' ? [`${event.recipient}: ${event.text}`] : [],
    );
    expect(texts).toContain('prompt: Is the scanner solved, PROMPT?');
    expect(texts).toContain('prompt: A 5, thank you!');
    expect(texts).toContain('unhappy: Only 2? We are sorry.');
  });

  it('tells somebody who adds a postscript to a bad rating that it is sorry', () => {
    const texts = simulateScenario(scenario).flatMap((event) =>
      event.event === 'sent' && event.recipient === 'postscript' ? [event.text] : [],
    );
    expect(texts.at(-1)).toBe('Only 1? We are sorry.');
  });
});

describe('the three rules', () => {
  const start = ['0 entered rule', '0 sent rule 0+0'];
  const last = (hour: number) => [
    `${hour} entered last`,
    `${hour} sent last 0+0`,
    `${hour} completed last success all_stages_completed`,
  ];

  it.each([
    ['nobody answers', [], ['72 advanced rule last max_duration', ...last(72)]],
    ['an answer comes early', [[10]], ['10 response rule', '24 advanced rule last response', ...last(24)]],
    ['an answer comes late', [[30]], ['30 response rule', '30 advanced rule last response', ...last(30)]],
  ] as const)('time-based: %s', (_, replies, expected) => {
    expect(story(scenarioOf(ruleTemplate(timeBasedRule), { ada: replies }), 'ada')).toEqual([...start, ...expected]);
  });

  it.each([
    [
      'the appointment is accepted',
      [[30, 'appointment_accepted']],
      ['24 sent rule 0+1', '30 response rule', '30 advanced rule last response', ...last(30)],
    ],
    [
      'another answer delays the next follow-up and satisfies nothing',
      [[30, 'maybe']],
      [
        '24 sent rule 0+1',
        '30 response rule',
        '54 sent rule 0+2',
        '78 sent rule 0+3',
        '102 advanced rule last follow_ups_exhausted',
        ...last(102),
      ],
    ],
    [
      'nobody answers',
      [],
      [
        '24 sent rule 0+1',
        '48 sent rule 0+2',
        '72 sent rule 0+3',
        '96 advanced rule last follow_ups_exhausted',
        ...last(96),
      ],
    ],
  ] as const)('response-based: %s', (_, replies, expected) => {
    const template = ruleTemplate(responseBasedRule, { follow_up_delay_hours: 24 });
    expect(story(scenarioOf(template, { ada: replies }), 'ada')).toEqual([...start, ...expected]);
  });

  it.each([
    [
      'two answers',
      [[10], [20]],
      ['10 response rule', '20 response rule', '48 advanced rule last response', ...last(48)],
    ],
    [
      'one answer',
      [[10]],
      ['10 response rule', '120 escalated rule notify_manager', '168 completed rule failed max_duration'],
    ],
    [
      'the second answer comes after the escalation',
      [[10], [130]],
      [
        '10 response rule',
        '120 escalated rule notify_manager',
        '130 response rule',
        '130 advanced rule last response',
        ...last(130),
      ],
    ],
  ] as const)('hybrid: %s', (_, replies, expected) => {
    expect(story(scenarioOf(ruleTemplate(hybridRule), { ada: replies }), 'ada')).toEqual([...start, ...expected]);
  });
});
