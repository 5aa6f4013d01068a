import fc from 'fast-check';
import { punctual } from '../engine/fixtures/arbitrary.js';
import { inputOf, type Scenario } from '../engine/fixtures/scenario.js';
import { runConversation } from '../engine/run-conversation.js';
import { lintTemplate } from './lint-template.js';

/** Lives a scenario without operators: what they do is beyond what a template can promise. */
function lived(scenario: Scenario) {
  const events = (scenario.events ?? []).filter(({ type }) => type !== 'command');
  const { state, ...input } = inputOf(scenario);
  return runConversation({ ...input, context: {}, start: state.stage_entered_at, events });
}

/** What a warning says will not happen, as far as a run can show it; null: nothing of that kind. */
function contradiction(
  path: string,
  message: string,
  { events, sends, state }: ReturnType<typeof lived>,
): boolean | null {
  const [, stage = '', index] = /^\$\.stages\.(\w+)(?:\.messages\[(\d+)\])?/.exec(path) ?? [];
  const inStage = events.filter((event) => event.stage === stage);
  const sent = sends
    .map(({ effect }) => effect)
    .filter((effect) => effect.stage === stage && effect.index === Number(index));
  if (/^No path/.test(message)) return inStage.some(({ type }) => type === 'entered');
  if (/^This message is never sent/.test(message)) return sent.length > 0;
  if (/^The follow-up is never sent/.test(message)) return sent.some(({ ordinal }) => ordinal > 0);
  const [, all, lost] = /^Of (\d+) follow-ups, (\d+)/.exec(message) ?? [];
  if (all !== undefined) return sent.some(({ ordinal }) => ordinal > Number(all) - Number(lost));
  if (/^Nobody is ever told/.test(message)) return inStage.some(({ type }) => type === 'escalated');
  if (/Nothing can satisfy/.test(message))
    return inStage.some(({ type, reason }) => type === 'advanced' && reason === 'response');
  if (/goes round/.test(message)) return inStage.length > 0 && state.result === 'success';
  return null;
}

describe('a warning', () => {
  it('is never belied by a conversation, and each kind is seen', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(punctual, (scenario) => {
        const template = { _id: 't', name: 'T', type: 'sales', stages: { ...scenario.stages }, ...scenario.template };
        const run = lived(scenario);
        for (const { path, message } of lintTemplate(template)) {
          seen.add(message.replace(/[`\d].*$/s, '').slice(0, 12));
          expect([path, message, contradiction(path, message, run)]).toEqual([path, message, false]);
        }
      }),
      { numRuns: 2000, seed: 5 },
    );
    expect(seen.size).toBeGreaterThanOrEqual(8);
  });
});
