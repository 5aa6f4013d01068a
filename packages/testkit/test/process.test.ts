import { join } from 'node:path';
import { type RunningProcess, startProcess } from '../src/index.js';

let running: RunningProcess;

// Runs after the hook that the import above has set.
afterAll(async () => {
  expect(await running.exited).toEqual({ code: null, signal: 'SIGTERM' });
});

it('starts a process that is stopped at the end of the test file', async () => {
  running = startProcess({ label: 'patient', file: join(__dirname, 'fixtures', 'patient.mjs') });

  expect(await running.waitForLine(/listening/)).toBe('listening');
});
