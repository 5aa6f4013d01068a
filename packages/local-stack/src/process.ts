import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { endChild, spawnOwned } from './owned-child.js';

const DEFAULT_STOP_GRACE_MS = 10_000;
const DEFAULT_LINE_TIMEOUT_MS = 30_000;
const KEPT_LINES = 1000;

export interface ProcessOptions {
  /** Name for people, in errors: `worker 1`. */
  readonly label: string;
  /** JavaScript file, run by the same Node.js that runs us. */
  readonly file: string;
  readonly args?: readonly string[];
  /** The child's whole environment; without it, the child has ours. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Gets every line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
}

/** How a process ended: with a code, or by a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Node.js application as a child in a process group of its own: Ctrl-C does not reach it, and it does not outlive us. */
export interface RunningProcess {
  readonly label: string;
  readonly pid: number;
  /** The last 1,000 lines of output, oldest first. */
  lines(): readonly string[];
  /**
   * The first line that matches, among those kept or still to come.
   * @throws ProcessLineError when the process ends first or the time is over (default 30 s).
   */
  waitForLine(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Resolves when the process has ended and its output is read. */
  readonly exited: Promise<ProcessExit>;
  /** Sends a signal to this process alone. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM; after `graceMs` (default 10 s) SIGKILL to it and all that it started. */
  stop(graceMs?: number): Promise<ProcessExit>;
}

/** Thrown when a process did not print what was waited for; carries its last lines. */
export class ProcessLineError extends Error {
  override readonly name = 'ProcessLineError';
  readonly label: string;
  readonly lastLines: readonly string[];

  constructor(label: string, pattern: RegExp, why: string, lastLines: readonly string[]) {
    super(`${label} printed no line like ${pattern}: ${why}. Its last lines:\n${lastLines.join('\n')}`);
    this.label = label;
    this.lastLines = lastLines;
  }
}

/** Thrown when the operating system could not start the process. */
export class ProcessStartError extends Error {
  override readonly name = 'ProcessStartError';
}

/** Starts a Node.js application and keeps its output. */
export function startProcess(options: ProcessOptions): RunningProcess {
  const { label, file, args = [], env, cwd } = options;
  const child = spawnOwned(process.execPath, ['--enable-source-maps', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(env !== undefined && { env }),
    ...(cwd !== undefined && { cwd }),
  });
  child.on('error', () => undefined);
  const { pid } = child;
  if (pid === undefined) throw new ProcessStartError(`${label} could not be started in ${cwd ?? 'this folder'}.`);

  const kept: string[] = [];
  const listeners = new Set<(line: string) => void>();
  if (options.onLine !== undefined) listeners.add(options.onLine);
  const onLine = (line: string) => {
    kept.push(line);
    if (kept.length > KEPT_LINES) kept.shift();
    for (const listener of listeners) listener(line);
  };
  eachLine(child.stdout, onLine);
  eachLine(child.stderr, onLine);
  const exited = exitOf(child);

  const waitForLine = (pattern: RegExp, timeoutMs = DEFAULT_LINE_TIMEOUT_MS) =>
    new Promise<string>((resolve, reject) => {
      const earlier = kept.find((line) => pattern.test(line));
      if (earlier !== undefined) return resolve(earlier);
      const done = () => {
        clearTimeout(timer);
        listeners.delete(listener);
      };
      const fail = (why: string) => {
        done();
        reject(new ProcessLineError(label, pattern, why, kept.slice(-20)));
      };
      const listener = (line: string) => {
        if (!pattern.test(line)) return;
        done();
        resolve(line);
      };
      const timer = setTimeout(() => fail(`${timeoutMs} ms are over`), timeoutMs);
      listeners.add(listener);
      exited.then(({ code, signal }) => fail(`it ended with ${signal ?? `code ${code}`}`));
    });

  return {
    label,
    pid,
    lines: () => kept,
    waitForLine,
    exited,
    kill: (signal) => {
      child.kill(signal);
    },
    stop: async (graceMs = DEFAULT_STOP_GRACE_MS) => {
      await endChild(child, graceMs);
      return exited;
    },
  };
}

function eachLine(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
}
