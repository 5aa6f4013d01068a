import { checkResponseModel } from './check-response-model.js';
import { nurturingTemplate } from './fixtures/sample-documents.js';
import type { CampaignTemplate } from './template.js';

const delay = { distribution: 'exponential', mean_hours: 12 };
const answers = (...list: object[]) => ({ default: { answers: list } });
const delayed = (change: object) => answers({ probability: 0.1, delay: change });
const faultsOf = (document: unknown) => checkResponseModel(document, nurturingTemplate as CampaignTemplate).faults;
const paths = (document: unknown) => faultsOf(document).map(({ path }) => path);

describe('checkResponseModel', () => {
  it('accepts every distribution, per stage and by default', () => {
    const model = {
      default: {
        answers: [
          { intent: 'interested', probability: 0.4, follow_up_probability: 0.1, delay },
          { probability: 0.1, delay: { distribution: 'lognormal', median_hours: 6, sigma: 1.1 } },
        ],
        opt_out: { probability: 0.5, delay: { distribution: 'fixed', hours: 1 } },
      },
      stages: {
        offer: {
          answers: [
            {
              intent: 'rated',
              probability: 1,
              delay: { distribution: 'uniform', min_hours: 2, max_hours: 2 },
              data: {
                rating: [
                  { value: 5, weight: 3 },
                  { value: 'none', weight: 0 },
                ],
              },
            },
          ],
        },
      },
    };
    expect(faultsOf(model)).toEqual([]);
    expect(faultsOf({})).toEqual([]);
  });

  it('accepts ten answers of a tenth each: their sum is not exactly 1', () => {
    expect(faultsOf(answers(...Array.from({ length: 10 }, () => ({ probability: 0.1, delay }))))).toEqual([]);
  });

  it.each([
    ['an unknown stage', { stages: { ofer: {} } }, ['$.stages.ofer']],
    ['an answer without a delay', answers({ probability: 0.1 }), ['$.default.answers[0].delay']],
    ['a probability above 1', answers({ probability: 1.1, delay }), ['$.default.answers[0].probability']],
    [
      'probabilities above 1 together',
      answers({ probability: 0.6, delay }, { probability: 0.6, delay }),
      ['$.default'],
    ],
    [
      'an opt-out that does not fit beside the answers',
      { stages: { offer: { answers: [{ probability: 0.9, delay }], opt_out: { probability: 0.2, delay } } } },
      ['$.stages.offer'],
    ],
    [
      'answers to follow-ups above 1 together',
      answers({ probability: 0.5, follow_up_probability: 0.8, delay }, { probability: 0.3, delay }),
      ['$.default'],
    ],
    ['an unknown distribution', delayed({ distribution: 'normal' }), ['$.default.answers[0].delay.distribution']],
    ['a distribution without its field', delayed({ distribution: 'fixed' }), ['$.default.answers[0].delay.hours']],
    [
      'a field of another distribution',
      delayed({ distribution: 'fixed', hours: 1, sigma: 1 }),
      ['$.default.answers[0].delay.sigma'],
    ],
    [
      'a minimum above the maximum',
      delayed({ distribution: 'uniform', min_hours: 3, max_hours: 2 }),
      ['$.default.answers[0].delay.min_hours'],
    ],
    [
      'values of which none can be drawn',
      answers({ probability: 0.1, delay, data: { rating: [{ value: 1, weight: 0 }] } }),
      ['$.default.answers[0].data.rating'],
    ],
    ['an unsafe field', answers({ probability: 0.1, delay, data: { $gt: [] } }), ["$.default.answers[0].data['$gt']"]],
  ])('refuses %s', (_, document, expected) => {
    expect(paths(document)).toEqual(expected);
  });
});
