import { CHART, capabilities, VALUES, valuesFile } from './support/chart.js';
import { need } from './support/need.js';
import { run } from './support/program.js';

const { suite, path } = need('helm');

suite('the chart', () => {
  const template = (...args: readonly string[]) =>
    run(path('helm'), ['template', 'release', CHART, ...capabilities('1.34'), ...args]);
  const stores = ['--set', 'config.MONGODB_URI=mongodb://db:27017,config.REDIS_URL=redis://redis:6379'];

  it.each(VALUES)('passes the strict linter with %s', async (file) => {
    const args = ['lint', '--strict', CHART, '--kube-version', '1.34', '--values', valuesFile(file)];
    const { code, output } = await run(path('helm'), args);
    expect({ code, output }).toMatchObject({ code: 0 });
  });

  it('says which value is wrong, and what it must be', async () => {
    const { code, output } = await template(...stores, '--set', 'config.CAMPAIGN_MAX_BATCH_SIZE=0');
    expect(code).not.toBe(0);
    expect(output).toContain("at '/config/CAMPAIGN_MAX_BATCH_SIZE': value must be 'a whole number from 1 to 10000'");
  });

  it.each([
    ['config.MONGODB_URI=mongodb://user:p4ss@db', 'without user and password here'],
    ['config.LINK_SECRET=p4ssp4ssp4ssp4ssp4ssp4ssp4ssp4ss', 'in the Secret that existingSecret names, not here'],
  ])('refuses a secret in the ConfigMap, and does not print it: %s', async (value, words) => {
    const { code, output } = await template(...stores, '--set', value);
    expect(code).not.toBe(0);
    expect(output).toContain(words);
    expect(output).not.toContain('p4ss');
  });

  it('refuses a key that it does not know', async () => {
    const { code, output } = await template(...stores, '--set', 'worker.replicaCount=3');
    expect(code).not.toBe(0);
    expect(output).toContain("additional properties 'replicaCount' not allowed");
  });

  it.each([
    [['--set', 'config.MONGODB_URI=mongodb://db'], 'REDIS_URL is missing'],
    [['--set', 'config.REDIS_URL=redis://redis'], 'MONGODB_URI is missing'],
    [[...stores, '--set', 'mongodb.enabled=true'], 'mongodb.enabled is true and config.MONGODB_URI is set'],
    [[...stores, '--set', 'autoscaling.type=keda'], 'needs autoscaling.prometheusAddress'],
    [
      [...stores, '--set', 'autoscaling.type=cpu,autoscaling.minReplicas=11'],
      'must be at most autoscaling.maxReplicas',
    ],
    [[...stores, '--set', 'ingress.enabled=true'], 'needs ingress.host'],
    [[...stores, '--set', 'monitoring.serviceMonitor.enabled=true,config.ENABLE_METRICS=false'], 'turns metrics off'],
  ])('fails with a way out: %j', async (args, words) => {
    const { code, output } = await template(...args);
    expect(code).not.toBe(0);
    expect(output).toContain(words);
  });

  it('asks for what the cluster does not have', async () => {
    const args = ['template', 'release', CHART, '--kube-version', '1.34', ...stores];
    const { code, output } = await run(path('helm'), [...args, '--set', 'monitoring.prometheusRule.enabled=true']);
    expect(code).not.toBe(0);
    expect(output).toContain('needs the Prometheus operator');
  });

  it('is for Kubernetes 1.31 and later', async () => {
    const { code, output } = await run(path('helm'), [
      'template',
      'release',
      CHART,
      '--kube-version',
      '1.30',
      ...stores,
    ]);
    expect(code).not.toBe(0);
    expect(output).toContain('incompatible');
  });
});
