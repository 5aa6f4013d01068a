import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@campaign-manager/testkit';
import { CHART, valuesFile } from './support/chart.js';
import { CLUSTER_PROGRAMS, type Cluster, startCluster } from './support/cluster.js';
import { need } from './support/need.js';
import { type Ready, readyWhenMigrated } from './support/ready-when-migrated.js';

const NAMESPACE = 'campaigns';
const RELEASE = 'trial';
const NAME = `${RELEASE}-campaign-manager`;
const TRIAL = ['--namespace', NAMESPACE, '--values', valuesFile('trial-values.yaml')];
const WAIT = ['--wait', '--wait-for-jobs', '--timeout', '150s'];
const BRIEFLY = ['--wait', '--wait-for-jobs', '--timeout', '20s'];

need(...CLUSTER_PROGRAMS).suite('the chart on a real api server, with simulated nodes', () => {
  let cluster: Cluster;
  let apps: Ready;

  beforeAll(async () => {
    cluster = await startCluster();
    for (const namespace of [NAMESPACE, 'deadlock', 'everything']) {
      await cluster.kubectl('create', 'namespace', namespace);
      await cluster.kubectl('label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted');
    }
    apps = readyWhenMigrated(cluster);
  });

  afterAll(async () => {
    await apps?.stop().finally(() => cluster.stop());
  });

  async function get(path: string, ...what: readonly string[]): Promise<string> {
    return cluster.kubectl('--namespace', NAMESPACE, 'get', ...what, '--output', `jsonpath=${path}`);
  }

  async function succeeds(...args: readonly string[]): Promise<string> {
    const { code, output } = await cluster.helm(...args);
    if (code !== 0) throw new Error(`helm ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  const image = (app: string) => get('{.spec.template.spec.containers[0].image}', 'deployment', `${NAME}-${app}`);
  const ready = (app: string) => get('{.status.readyReplicas}', 'deployment', `${NAME}-${app}`);
  const password = () => get('{.data.password}', 'secret', `${NAME}-mongodb`);
  const migrations = async () => (await get('{.items[*].metadata.name}', 'jobs')).split(' ').filter(Boolean);
  const revision = () =>
    get('{.items[*].metadata.labels.version}', 'secret', '--selector', 'owner=helm,status=deployed');

  it('lets no pod into its namespaces that is not restricted', async () => {
    const args = ['--namespace', NAMESPACE, 'run', 'loose', '--image', 'busybox'];
    const { code, output } = await cluster.tryKubectl(...args);
    expect(code).not.toBe(0);
    expect(output).toContain('violates PodSecurity "restricted:latest"');
  });

  it('installs and waits, while the apps wait for the migration', async () => {
    const notes = await succeeds('install', RELEASE, CHART, ...TRIAL, ...WAIT);
    expect(notes).toContain(`get secret ${NAME} `);
    expect(notes).toContain('WARNING: mongodb.enabled is for trials');
    expect(await migrations()).toEqual([expect.stringMatching(`^${NAME}-migrate-1-`)]);
    expect(apps.untold()).toBe(0);
    for (const app of ['scheduler', 'worker', 'api']) expect(await ready(app)).toBe('2');
  });

  it('would wait in vain if the migration were a hook after the installation', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'campaign-manager-hook-'));
    await cp(CHART, folder, { recursive: true });
    const file = join(folder, 'templates/migration.yaml');
    const plain = await readFile(file, 'utf8');
    const hooked = plain.replace('kind: Job\nmetadata:\n', '$&  annotations: { helm.sh/hook: post-install }\n');
    expect(hooked).not.toBe(plain);
    await writeFile(file, hooked);
    const args = ['--namespace', 'deadlock', '--set', 'config.MONGODB_URI=mongodb://db,config.REDIS_URL=redis://r'];
    const { code, output } = await cluster.helm('install', 'hooked', folder, ...args, ...BRIEFLY);
    await rm(folder, { recursive: true });
    expect(code).not.toBe(0);
    expect(output).toMatch(/deadline|timed out/i);
    await succeeds('uninstall', 'hooked', '--namespace', 'deadlock', '--wait');
  });

  it('warns where the Secret that it is told to use is not there', async () => {
    const notes = (secret: string) =>
      succeeds('install', 'misspelt', CHART, '--dry-run=server', ...TRIAL, '--set', `existingSecret=${secret}`);
    expect(await notes('nosuch')).toContain(`WARNING: there is no Secret nosuch in the namespace ${NAMESPACE}`);
    await cluster.kubectl('--namespace', NAMESPACE, 'create', 'secret', 'generic', 'keys');
    expect(await notes('keys')).not.toContain('there is no Secret');
    await cluster.kubectl('--namespace', NAMESPACE, 'delete', 'secret', 'keys');
  });

  it('passes `helm test`', async () => {
    expect(await succeeds('test', RELEASE, '--namespace', NAMESPACE)).toMatch(/Phase:\s+Succeeded/);
  });

  it('rolls every app when its configuration changes, migrates again, and keeps passwords', async () => {
    const [before] = await migrations();
    const kept = await password();
    const pods = await get('{.items[*].metadata.name}', 'pods', '--selector', 'campaign-manager/metrics=true');
    const changes = ['--set', 'config.LOG_LEVEL=DEBUG,worker.replicas=3'];
    await succeeds('upgrade', RELEASE, CHART, ...TRIAL, ...changes, ...WAIT);
    expect(await get('{.data.LOG_LEVEL}', 'configmap', NAME)).toBe('DEBUG');
    expect(await ready('worker')).toBe('3');
    expect(await password()).toBe(kept);
    expect(await migrations()).toEqual([expect.stringMatching(`^${NAME}-migrate-2-`)]);
    expect(await migrations()).not.toContain(before);
    await until(
      async () => {
        const now = await get('{.items[*].metadata.name}', 'pods', '--selector', 'campaign-manager/metrics=true');
        return now.split(' ').every((pod) => !pods.includes(pod));
      },
      { describe: 'all pods are new ones', timeoutMs: 30_000 },
    );
  });

  it('leaves the old pods at work when a migration fails, and rolls back', async () => {
    const good = await image('api');
    const broken = ['--reuse-values', '--set', 'image.tag=0.2.0-broken'];
    const { code, output } = await cluster.helm('upgrade', RELEASE, CHART, ...TRIAL, ...broken, ...BRIEFLY);
    expect(code).not.toBe(0);
    expect(output).toContain('UPGRADE FAILED');
    expect(await get('{.items[*].status.conditions[?(@.type=="Failed")].reason}', 'jobs')).toBe('PodFailurePolicy');
    expect(await get('{.status.availableReplicas}', 'deployment', `${NAME}-api`)).toBe('2');
    await succeeds('rollback', RELEASE, '2', '--namespace', NAMESPACE, ...WAIT);
    expect(await image('api')).toBe(good);
    expect(await ready('worker')).toBe('3');
  });

  it('undoes an upgrade by itself with --atomic', async () => {
    const before = await revision();
    const nowhere = ['--reuse-values', '--set', 'api.nodeSelector.disk=none'];
    const { code } = await cluster.helm('upgrade', RELEASE, CHART, ...TRIAL, ...nowhere, '--atomic', ...BRIEFLY);
    expect(code).not.toBe(0);
    expect(await revision()).toBe(`${Number(before) + 2}`);
    expect(await get('{.spec.template.spec.nodeSelector}', 'deployment', `${NAME}-api`)).toBe('');
    expect(await ready('api')).toBe('2');
  });

  it('installs with everything on, once the Secret has what it must have', async () => {
    const target = ['--namespace', 'everything', '--values', valuesFile('everything-values.yaml')];
    const secret = ['--namespace', 'everything', 'create', 'secret', 'generic', 'campaign-manager-secrets'];
    await cluster.kubectl(...secret, '--from-literal', 'REDIS_URL=redis://elsewhere');
    const refused = await cluster.helm('install', 'all', CHART, ...target);
    expect(refused.output).toContain('redis.enabled is true and the Secret campaign-manager-secrets has REDIS_URL');
    await cluster.kubectl('--namespace', 'everything', 'delete', 'secret', 'campaign-manager-secrets');
    await cluster.kubectl(...secret, '--from-literal', 'API_BOOTSTRAP_KEY=0123456789abcdefghijklmnop');
    await succeeds('install', 'all', CHART, ...target);
    await until(
      () => cluster.kubectl('--namespace', 'everything', 'get', 'scaledobject,servicemonitor,prometheusrule'),
      {
        describe: 'the kinds of others are there',
      },
    );
    await succeeds('uninstall', 'all', '--namespace', 'everything', '--wait');
  });

  it('leaves nothing behind but the volumes and the passwords to them', async () => {
    await succeeds('uninstall', RELEASE, '--namespace', NAMESPACE, '--wait');
    const kinds = await cluster.kubectl('api-resources', '--namespaced', '--verbs', 'list', '--output', 'name');
    const mine = async () => {
      const listed = kinds.split('\n').filter((kind) => kind && !kind.startsWith('events'));
      const all = await cluster.kubectl('--namespace', NAMESPACE, 'get', listed.join(','), '--output', 'name');
      return all
        .split('\n')
        .filter((name) => name && !DEFAULTS.includes(name))
        .sort();
    };
    const kept = [
      `persistentvolumeclaim/data-${NAME}-mongodb-0`,
      `persistentvolumeclaim/data-${NAME}-redis-0`,
      `secret/${NAME}-mongodb`,
      `secret/${NAME}-redis`,
    ];
    await until(async () => (await mine()).length <= kept.length, {
      describe: 'all pods are gone',
      timeoutMs: 120_000,
    });
    expect(await mine()).toEqual(kept);
  });

  it('takes the volumes and the passwords up again', async () => {
    const kept = await password();
    await succeeds('install', RELEASE, CHART, ...TRIAL, ...WAIT);
    expect(await password()).toBe(kept);
  });
});

/** What every namespace has. */
const DEFAULTS = ['configmap/kube-root-ca.crt', 'serviceaccount/default'];
