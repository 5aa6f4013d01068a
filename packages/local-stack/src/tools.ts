import { execFile } from 'node:child_process';

/** What a finished command left behind. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The machine, as far as the sources look at it. */
export interface Tools {
  /** Runs a command found on the PATH; `missing` where there is none of that name. */
  run(file: string, args: readonly string[], timeoutMs: number): Promise<CommandResult | 'missing'>;
  /** Whether a web server answers at all within the time. */
  reachable(url: string, timeoutMs: number): Promise<boolean>;
  readonly host: {
    readonly platform: string;
    readonly arch: string;
    /** Version of the GNU C library, `2.36`; absent on other C libraries. */
    readonly glibc?: string;
  };
}

export const machine: Tools = { run, reachable, host: describeHost() };

function run(file: string, args: readonly string[], timeoutMs: number): Promise<CommandResult | 'missing'> {
  return new Promise((resolve) => {
    execFile(file, [...args], { timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') return resolve('missing');
      const timedOut = error?.killed === true ? `no end after ${timeoutMs} ms` : '';
      const exitCode = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
      resolve({ exitCode, stdout, stderr: stderr + timedOut });
    });
  });
}

async function reachable(url: string, timeoutMs: number): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(timeoutMs) });
    return true;
  } catch {
    return false;
  }
}

function describeHost(): Tools['host'] {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const glibc = report.header?.glibcVersionRuntime;
  return { platform: process.platform, arch: process.arch, ...(glibc !== undefined && { glibc }) };
}
