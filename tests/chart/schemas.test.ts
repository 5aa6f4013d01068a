import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHART, capabilities, VALUES, valuesFile } from './support/chart.js';
import { need } from './support/need.js';
import { mustRun } from './support/program.js';
import { installValidator, type Validator } from './support/validator.js';

const KUBERNETES = ['1.31', '1.32', '1.33', '1.34'];

/** Kinds of others, whose schemas the validator does not have. */
const UNCHECKED = ['PrometheusRule', 'ScaledObject', 'ServiceMonitor'];

const { suite, path } = need('helm', 'python3');

suite("the chart's manifests", () => {
  let validate: Validator;
  let folder: string;

  beforeAll(async () => {
    validate = await installValidator();
    folder = await mkdtemp(join(tmpdir(), 'campaign-manager-manifests-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function render(values: string, kubernetes: string): Promise<string> {
    const args = ['template', 'release', CHART, ...capabilities(kubernetes), '--values', valuesFile(values)];
    const file = join(folder, `${kubernetes}-${values}`);
    await writeFile(file, await mustRun(path('helm'), args));
    return file;
  }

  it.each(KUBERNETES)('are what Kubernetes %s takes, with every set of values', async (kubernetes) => {
    const files = await Promise.all(VALUES.map((values) => render(values, kubernetes)));
    const { code, output } = await validate(files, kubernetes);
    expect({ code, output }).toMatchObject({ code: 0 });
    const unchecked = [...output.matchAll(/find schema for kind (\w+)/g)].map(([, kind]) => kind);
    expect(unchecked.sort()).toEqual(UNCHECKED);
  });

  it('would not pass with a field that Kubernetes does not know', async () => {
    const file = await render('minimal-values.yaml', '1.34');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('readOnlyRootFilesystem', 'readOnlyRoot'));
    const { code, output } = await validate([file], '1.34');
    expect(code).not.toBe(0);
    expect(output).toContain("'readOnlyRoot' was unexpected");
  });
});
