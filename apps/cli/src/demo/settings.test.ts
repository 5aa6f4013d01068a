import { loadConfig } from '@campaign-manager/runtime';
import { demoSettings } from './settings.js';
import { DELAY_FACTOR } from './time.js';

const run = {
  runId: 'demo_1',
  apiKey: 'k'.repeat(32),
  smtpUrl: 'smtp://127.0.0.1:2525',
  linkSecret: 's'.repeat(32),
  inboundPort: 2526,
};

describe("the demo's settings", () => {
  it('are a valid configuration with the intended speed', () => {
    const config = loadConfig(demoSettings({}, run));
    expect(config.warnings).toEqual([]);
    expect(config.stageDelayFactor).toBeCloseTo(DELAY_FACTOR, 12);
    expect(config.pollingIntervalMs).toBe(500);
    expect(config.smtpTimeoutMs).toBe(2000);
  });

  it('take the addresses of given services along, and nothing else that could change the run', () => {
    const given = { MONGODB_URI: 'mongodb://db', CAMPAIGN_MAX_BATCH_SIZE: '1' };
    expect(demoSettings(given, run)).toMatchObject({ MONGODB_URI: 'mongodb://db' });
    expect(demoSettings(given, run)).not.toHaveProperty('CAMPAIGN_MAX_BATCH_SIZE');
  });
});
