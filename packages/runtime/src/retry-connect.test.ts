import { loadConfig } from './config/load-config.js';
import { createLogger } from './logger.js';
import { connectDelayMs, untilConnected } from './retry-connect.js';

function listening() {
  const lines: unknown[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, logger: createLogger(loadConfig({}), { app: 'tester', stream }) };
}

describe('untilConnected', () => {
  it('tries until it works, with a line for every failure', async () => {
    const { lines, logger } = listening();
    let attempts = 0;
    const connect = async () => {
      attempts += 1;
      if (attempts < 3) throw new Error('connect ECONNREFUSED mongodb://u:p4ss@db:27017');
      return 'a connection';
    };
    expect(await untilConnected({ name: 'MongoDB', connect, logger, delayMs: () => 1 })).toBe('a connection');
    expect(lines).toMatchObject([
      { level: 'WARN', attempt: 1, reason: 'connect ECONNREFUSED mongodb://[REDACTED]@db:27017', retry_in_ms: 1 },
      { level: 'WARN', attempt: 2, msg: 'MongoDB cannot be reached; trying again' },
      { level: 'INFO', attempt: 3, msg: 'MongoDB is reached' },
    ]);
  });

  it('says nothing where it works at once', async () => {
    const { lines, logger } = listening();
    await untilConnected({ name: 'Redis', connect: async () => 1, logger });
    expect(lines).toEqual([]);
  });

  it('ends its waiting when it is told to', async () => {
    const { logger } = listening();
    const abort = new AbortController();
    const connect = async () => {
      setImmediate(() => abort.abort(new Error('stopping')));
      throw new Error('away');
    };
    await expect(
      untilConnected({ name: 'Redis', connect, logger, signal: abort.signal, delayMs: () => 600_000 }),
    ).rejects.toThrow('stopping');
  });

  it.each([
    [1, 500],
    [2, 1000],
    [5, 8000],
    [6, 10_000],
    [5000, 10_000],
  ])('waits after attempt %i for %i ms', (attempt, delayMs) => {
    expect(connectDelayMs(attempt)).toBe(delayMs);
  });
});
