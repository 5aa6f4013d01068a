import { execFile } from 'node:child_process';
import { join } from 'node:path';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a fixture against the built package, as an app would run. */
function run(file: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const script = join(__dirname, 'fixtures', file);
  const options = { env: { PATH: process.env['PATH'], ...env }, timeout: 20_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

describe('runApp', () => {
  it('prints one line for each wrong variable and exits with 78', async () => {
    expect(await run('app.mjs', ['config'], { LOG_LEVEL: 'LOUD', API_PORT: 'x' })).toEqual({
      code: 78,
      stdout: '',
      stderr: [
        'tester: LOG_LEVEL is "LOUD", but must be one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL.\n',
        'tester: API_PORT is "x", but must be a whole number from 0 to 65535.\n',
      ].join(''),
    });
  });

  it('prints one line for what keeps an app from starting and exits with 1', async () => {
    expect(await run('app.mjs', ['startup'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tester: Redis at redis://[REDACTED]@cache evicts keys: set maxmemory-policy to noeviction.\n',
    });
  });

  it.each([
    ['error', '550 no such user [REDACTED]'],
    ['late', 'too late [REDACTED]'],
    ['rejection', 'nobody looks [REDACTED]'],
  ])('logs anything else (%s) with its stack, redacted, and exits with 1', async (ending, message) => {
    const { code, stdout, stderr } = await run('app.mjs', [ending]);
    expect([code, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      level: 'FATAL',
      app: 'tester',
      err: { message, stack: expect.stringContaining('app.mjs') },
    });
  });

  it('lets an app that is done end with 0', async () => {
    expect(await run('app.mjs', ['well'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('metrics of a cluster', () => {
  let pages: readonly string[];

  beforeAll(async () => {
    const { code, stdout, stderr } = await run('cluster.mjs');
    expect([code, stderr]).toEqual([0, '']);
    pages = JSON.parse(stdout);
  }, 30_000);

  it('are the sums of its workers, and say how many there should be', () => {
    expect(pages[0]).toContain('communication_conversations_initialized{campaign_type="sales"} 10\n');
    expect(pages[0]).toContain(
      'communication_stage_duration_seconds_bucket{le="14400",campaign_type="sales",stage="awareness"} 2\n',
    );
    expect(pages[0]).toContain('process_cpu_seconds_total');
    expect(pages[0]).toContain('communication_processes{app="worker"} 2\n');
    expect(pages[0]).toContain('communication_processes_expected{app="worker"} 2\n');
  });

  it.each([
    [1, 'hangs'],
    [2, 'has died'],
  ])('are told (%i) while one of them %s, without a count that falls', (at) => {
    expect(pages[at]).toContain('communication_processes{app="worker"} 1\n');
    expect(pages[at]).toContain('communication_processes_expected{app="worker"} 2\n');
    expect(pages[at]).toContain('communication_conversations_initialized{campaign_type="sales"} 10\n');
    expect(pages[at]).toContain(
      'communication_stage_duration_seconds_bucket{le="14400",campaign_type="sales",stage="awareness"} 2\n',
    );
  });
});

describe('docs/configuration.md', () => {
  it('is what the catalog says', async () => {
    const command = join('..', '..', 'dist', 'config', 'write-docs.js');
    expect(await run(command, ['--check'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('tracing', () => {
  it("does not load OpenTelemetry's SDK and makes no span where it is off", async () => {
    const { stdout } = await run('tracing.mjs');
    expect(JSON.parse(stdout)).toEqual({ loaded: false, span: null });
  });

  it('makes spans where it is on', async () => {
    const { stdout } = await run('tracing.mjs', [], { OTEL_TRACES_EXPORTER: 'otlp' });
    expect(JSON.parse(stdout)).toEqual({ loaded: true, span: 'SpanImpl' });
  });

  it('makes none where a ratio of 0 is sampled', async () => {
    const env = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' };
    expect(JSON.parse((await run('tracing.mjs', [], env)).stdout)).toEqual({ loaded: true, span: 'NonRecordingSpan' });
  });
});
