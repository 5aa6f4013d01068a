import { lintCampaign } from './lint-campaign.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');

describe('lintCampaign', () => {
  it.each(['2026-03-01T11:59:59Z', '2026-03-01T12:00:00Z', '2026-03-01T13:00:00+02:00'])(
    'warns of an end that has passed: %s',
    (end_date) => {
      expect(lintCampaign({ schedule: { end_date } }, NOW)).toEqual([
        {
          path: '$.schedule.end_date',
          message: expect.stringContaining('nothing will be sent'),
          found: `"${end_date}"`,
          expected: 'a date in the future',
        },
      ]);
    },
  );

  it.each([
    {},
    { schedule: {} },
    { schedule: { start_date: '2020-01-01T00:00:00Z' } },
    { schedule: { end_date: '2026-03-01T12:00:01Z' } },
  ])('has no objection to %j', (campaign) => {
    expect(lintCampaign(campaign, NOW)).toEqual([]);
  });
});
