import type { ProcessExit, RunningProcess } from '@campaign-manager/testkit';

/** Processes of one app that come and go. */
export interface Fleet {
  readonly running: readonly RunningProcess[];
  /** Adds one and resolves when it works. */
  add(env?: Readonly<Record<string, string>>): Promise<RunningProcess>;
  /** SIGKILL; resolves when it is gone. */
  kill(process: RunningProcess): Promise<void>;
  /** SIGTERM, and SIGKILL after `graceMs`. */
  stop(process: RunningProcess, graceMs?: number): Promise<ProcessExit>;
  stopAll(graceMs?: number): Promise<void>;
}

/** @param spawn starts a process under a name. @param ready the line by which it says that it works. */
export function createFleet(
  name: string,
  spawn: (label: string, env?: Readonly<Record<string, string>>) => RunningProcess,
  ready: RegExp,
): Fleet {
  let running: RunningProcess[] = [];
  let count = 0;

  const leave = (process: RunningProcess) => {
    running = running.filter((other) => other !== process);
  };
  const stop = async (process: RunningProcess, graceMs?: number) => {
    leave(process);
    return process.stop(graceMs);
  };
  return {
    get running() {
      return running;
    },
    add: async (env) => {
      count += 1;
      const process = spawn(`${name} ${count}`, env);
      running = [...running, process];
      await process.waitForLine(ready);
      return process;
    },
    kill: async (process) => {
      leave(process);
      process.kill('SIGKILL');
      await process.exited;
    },
    stop,
    stopAll: async (graceMs) => {
      await Promise.all(running.map((process) => stop(process, graceMs)));
    },
  };
}
