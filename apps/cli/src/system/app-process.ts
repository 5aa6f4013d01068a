import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ProcessExit, type RunningProcess, startProcess } from '@campaign-manager/local-stack';
import { appFile } from '../project-files.js';
import { createTrouble } from './trouble.js';

/** Thrown when one of our processes ended though nobody asked it to; its message holds the last lines of its log. */
export class AppEndedError extends Error {
  override readonly name = 'AppEndedError';
  readonly label: string;

  constructor(label: string, { code, signal }: ProcessExit, logFile: string, lines: readonly string[]) {
    const how = signal === null ? `with code ${code}` : `by ${signal}`;
    super(`The ${label} ended ${how}. Its log, ${logFile}, ends with:\n${lines.slice(-15).join('\n')}`);
    this.label = label;
  }
}

export type AppName = 'api' | 'scheduler' | 'worker';

export interface AppOptions {
  readonly app: AppName;
  /** For people and as the name of the log file: `worker-1`. */
  readonly label: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
}

export interface AppProcess extends RunningProcess {
  /** Rejects when it ends though nobody asked it to; never resolves. */
  readonly failed: Promise<never>;
  /** Ends it at once, without a chance to tidy up. */
  killHard(): void;
}

/** Starts one of the apps; what it prints goes to its log file, in place of what an earlier run left there. */
export async function startApp({ app, label, env, logFile }: AppOptions): Promise<AppProcess> {
  await mkdir(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const running = startProcess({ label, file: appFile(app), env, onLine: (line) => log.write(`${line}\n`) });
  let expected = false;
  const { failed, fail } = createTrouble();
  void running.exited.then((exit) => {
    log.end();
    if (!expected) fail(new AppEndedError(label, exit, logFile, running.lines()));
  });
  return {
    ...running,
    failed,
    killHard: () => {
      expected = true;
      running.kill('SIGKILL');
    },
    stop: (graceMs) => {
      expected = true;
      return running.stop(graceMs);
    },
  };
}
