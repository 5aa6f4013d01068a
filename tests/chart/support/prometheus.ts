import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type Place, type Recipe } from '@campaign-manager/local-stack';
import type { Rule } from '../../support/monitoring.js';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A rule as it fares, `lastError` where its evaluation failed. */
export interface Evaluated {
  readonly name: string;
  readonly health: 'unknown' | 'ok' | 'err';
  readonly lastError?: string;
}

export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

export interface Prometheus {
  /** The values of an expression now. @throws PrometheusError */
  readonly query: (expression: string) => Promise<readonly Sample[]>;
  readonly rules: () => Promise<readonly Evaluated[]>;
  readonly alerts: () => Promise<readonly Alert[]>;
  readonly stop: () => Promise<void>;
}

/** Thrown when Prometheus refuses a question; says why. */
export class PrometheusError extends Error {
  override readonly name = 'PrometheusError';
}

export interface PrometheusOptions {
  /** Ports on this machine. */
  readonly targets: readonly number[];
  readonly rules: readonly Rule[];
}

/** Starts a Prometheus that scrapes and evaluates every second, and does not outlive us. */
export async function startPrometheus(program: string, options: PrometheusOptions): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-manager-prometheus-'));
  // JSON is YAML, which Prometheus reads.
  await writeFile(join(folder, 'config.json'), JSON.stringify(configOf(options)));
  await writeFile(join(folder, 'rules.json'), JSON.stringify({ groups: [{ name: 'all', rules: options.rules }] }));
  const remove = () => rm(folder, { recursive: true, force: true });
  const server = await launch(recipeOf(program), { dataDir: folder }).catch(async (error) => {
    await remove();
    throw error;
  });
  const ask = <T>(path: string) => answerOf<T>(`http://127.0.0.1:${server.port}/api/v1/${path}`);
  return {
    query: async (expression) => {
      const { result } = await ask<{ result: readonly Result[] }>(`query?query=${encodeURIComponent(expression)}`);
      return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
    },
    rules: async () =>
      (await ask<{ groups: readonly { rules: readonly Evaluated[] }[] }>('rules')).groups.flatMap(rulesOf),
    alerts: async () => (await ask<{ alerts: readonly Alert[] }>('alerts')).alerts,
    stop: () => server.stop().finally(remove),
  };
}

interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

const rulesOf = ({ rules }: { readonly rules: readonly Evaluated[] }) => rules;

function configOf({ targets }: PrometheusOptions): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.json'],
    scrape_configs: [
      {
        job_name: 'campaign-manager',
        static_configs: [{ targets: targets.map((port) => `127.0.0.1:${port}`) }],
      },
    ],
  };
}

function recipeOf(program: string): Recipe {
  return {
    program: 'sh', // Prometheus logs to nowhere but its standard error
    logFile: LOG,
    args: ({ port, folder }: Place) => [
      '-c',
      'exec "$@" 2>"$0"',
      join(folder, LOG),
      program,
      `--config.file=${join(folder, 'config.json')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    answers: (port) =>
      fetch(`http://127.0.0.1:${port}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
  };
}

const LOG = 'prometheus.log';

async function answerOf<T>(url: string): Promise<T> {
  const answer = (await (await fetch(url)).json()) as
    | { readonly status: 'success'; readonly data: T }
    | { readonly status: 'error'; readonly error: string };
  if (answer.status === 'error') throw new PrometheusError(answer.error);
  return answer.data;
}
