import { differencesTable, figuresTable, funnel } from './report.js';

const plain = (_colour: string, text: string) => text;
const marking = (colour: string, text: string) => (colour === 'red' ? `!${text}!` : text);
const figures = {
  sent: 60,
  follow_ups: 12,
  replies: 30,
  advanced: 25,
  completed: { success: 20, failed: 20 },
  reached: { awareness: 40, decision: 20 },
};

describe('the report', () => {
  it('shows in the funnel how many came how far', () => {
    const lines = funnel('Spring', ['awareness', 'decision'], figures, plain);
    expect(lines[0]).toBe('Spring');
    expect(lines[1]).toMatch(/awareness +█{40} +40 +100 %/);
    expect(lines[2]).toMatch(/decision +█{20} +20 +50 %/);
    expect(lines[3]).toMatch(/success +█{20} +20 +50 %/);
  });

  it('marks a figure that is not the predicted one', () => {
    const text = figuresTable([{ name: 'Spring', actual: { ...figures, sent: 59 }, predicted: figures }], marking);
    expect(text).toMatch(/messages sent +│ +!59! +│ +60/);
    expect(text).toMatch(/replies +│ +30 +│ +30/);
  });

  it('shows a result that was predicted but never came', () => {
    const actual = { ...figures, completed: { success: 40 } };
    expect(figuresTable([{ name: 'Spring', actual, predicted: figures }], marking)).toMatch(
      /completed: failed +│ +!0! +│ +20/,
    );
  });

  it('shows the first differences side by side, with a mark where they part', () => {
    const difference = (n: number) => ({ where: `c/${n}`, predicted: ['entered a', 'sent a'], actual: ['entered a'] });
    const text = differencesTable([1, 2, 3, 4].map(difference));
    expect(text).toMatch(/c\/1 +│ +entered a +│ +entered a/);
    expect(text).toContain('> sent a');
    expect(text).toContain('and 1 more');
  });
});
