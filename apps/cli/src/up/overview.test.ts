import { serviceLines } from './overview.js';

const service = (uri: string) => ({ uri, source: '', stop: async () => undefined });
const system = {
  mongo: service('mongodb://127.0.0.1:40001/?directConnection=true'),
  redis: service('redis://127.0.0.1:40002'),
  metricsPorts: new Map([
    ['worker-1', 9092],
    ['scheduler', 9090],
  ]),
};

describe('serviceLines', () => {
  it('tells a command that a shell takes as it stands, and the ports of health and metrics', () => {
    const lines = serviceLines(system, {});
    expect(lines).toContain(
      "  MONGODB_URI='mongodb://127.0.0.1:40001/?directConnection=true' REDIS_URL='redis://127.0.0.1:40002' npx campaign doctor",
    );
    expect(lines.at(-1)).toContain('worker-1 9092, scheduler 9090');
  });

  it('tells no address that was given: it may hold a password', () => {
    const own = { ...system, mongo: service('mongodb://me:secret@db') };
    const lines = serviceLines(own, { MONGODB_URI: 'mongodb://me:secret@db' });
    expect(lines).toContain("  REDIS_URL='redis://127.0.0.1:40002' npx campaign doctor");
    expect(lines.join()).not.toContain('secret');
  });
});
