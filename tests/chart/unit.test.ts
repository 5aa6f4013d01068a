import { CHART } from './support/chart.js';
import { need } from './support/need.js';
import { run } from './support/program.js';

const { suite, path } = need('helm-unittest');

suite('the chart, as its own unit tests describe it (helm/campaign-manager/tests)', () => {
  it('renders what they expect', async () => {
    const { code, output } = await run(path('helm-unittest'), ['--strict', CHART]);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/Tests:\s+\d+ passed/) });
  });
});
