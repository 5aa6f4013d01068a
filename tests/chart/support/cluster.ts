import { readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, mustRun, type Run, run } from './program.js';

const BINARIES = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
const OBJECTS = join(__dirname, '../cluster/objects.yaml');
const STAGES = join(__dirname, '../cluster/stages.yaml');

/** Everything of kwokctl's, beside what it keeps for its user. */
const WORK = join(tmpdir(), 'campaign-manager-chart');
const PREFIX = 'chart-';

/** A control plane of Kubernetes with simulated nodes. */
export interface Cluster {
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  /** As `kubectl`, where a failure is what is expected. */
  readonly tryKubectl: (...args: readonly string[]) => Promise<Run>;
  readonly helm: (...args: readonly string[]) => Promise<Run>;
  readonly stop: () => Promise<void>;
}

export const CLUSTER_PROGRAMS = ['helm', 'kubectl', 'kwokctl', 'kwok', ...BINARIES];

/**
 * Starts etcd, api server, controller manager and scheduler on free ports, with two simulated nodes and what
 * `objects.yaml` describes. Nobody's kubeconfig is read or written. Ends first what earlier runs that were killed left.
 */
export async function startCluster(): Promise<Cluster> {
  await mkdir(WORK, { recursive: true });
  const kwokctl = (...args: readonly string[]) =>
    mustRun(need('kwokctl'), args, { ...process.env, KWOK_WORKDIR: WORK });
  const remove = async (name: string) => {
    await kwokctl('delete', 'cluster', '--name', name, '--kubeconfig', kubeconfigOf(name));
    await rm(kubeconfigOf(name), { force: true });
    await rm(helmHomeOf(name), { recursive: true, force: true });
  };
  for (const name of leftovers()) await remove(name);

  const name = `${PREFIX}${process.pid}`;
  const home = helmHomeOf(name);
  const stop = () => remove(name);
  const binaries = [
    ...BINARIES.map((binary) => [`--${binary}-binary`, need(binary)]),
    ['--kwok-controller-binary', need('kwok')],
  ];
  const options = ['--runtime', 'binary', '--wait', '120s', '--config', STAGES, '--kubeconfig', kubeconfigOf(name)];
  const env = {
    ...process.env,
    KUBECONFIG: kubeconfigOf(name),
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
  };
  const kubectl = (...args: readonly string[]) => mustRun(need('kubectl'), args, env);
  try {
    await kwokctl('create', 'cluster', '--name', name, ...options, ...binaries.flat());
    await kwokctl('scale', 'node', '--name', name, '--replicas', '2');
    await kubectl('apply', '--filename', OBJECTS);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kubectl,
    tryKubectl: (...args) => run(need('kubectl'), args, env),
    helm: (...args) => run(need('helm'), args, env),
    stop,
  };
}

function kubeconfigOf(name: string): string {
  return join(WORK, `${name}.kubeconfig`);
}

function helmHomeOf(name: string): string {
  return join(WORK, `${name}.helm`);
}

function need(program: string): string {
  const path = find(program);
  if (path === undefined) throw new Error(`${program} is neither on the PATH nor in KUBEBUILDER_ASSETS.`);
  return path;
}

/** Clusters of processes that are no more. */
function leftovers(): string[] {
  return clusterNames().filter((name) => name.startsWith(PREFIX) && !isAlive(Number(name.slice(PREFIX.length))));
}

function clusterNames(): string[] {
  try {
    return readdirSync(join(WORK, 'clusters'));
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
