import { campaignCalendar } from './time.js';

describe('the calendar of the campaign', () => {
  it.each([
    [0, 'day 1, 00:00'],
    [2_399, 'day 1, 23:00'],
    [2_400, 'day 2, 00:00'],
    [32_400, 'day 14, 12:00'],
  ])('shows after %i ms %s', (elapsedMs, text) => {
    expect(campaignCalendar(elapsedMs)).toBe(text);
  });
});
