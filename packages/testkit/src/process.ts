import { type ProcessOptions, type RunningProcess, startProcess as start } from '@campaign-manager/local-stack';

/** Jest's hook, where Jest runs us. */
declare const afterAll: undefined | ((hook: () => Promise<void>) => void);

const started = new Set<RunningProcess>();

if (typeof afterAll !== 'undefined') afterAll(stopStarted);

/** `startProcess` of local-stack; what a test file has started and not stopped itself is stopped at its end. */
export function startProcess(options: ProcessOptions): RunningProcess {
  const running = start(options);
  started.add(running);
  running.exited.then(() => started.delete(running));
  return running;
}

async function stopStarted(): Promise<void> {
  await Promise.all([...started].map((running) => running.stop()));
}
