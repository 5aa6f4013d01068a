import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '@campaign-manager/runtime';
import { parse } from 'yaml';
import { type ComposeService, composeLoader } from './support/compose-loader.js';

const FOLDER = join(__dirname, '../../docker');
const FILES = readdirSync(FOLDER).filter((name) => /^compose.*\.yaml$/.test(name));

const SECRETS = readFileSync(join(FOLDER, '.env.example'), 'utf8')
  .split('\n')
  .filter((line) => /^[A-Z_]+=/.test(line))
  .map((line) => line.split('=')[0] ?? '');
const variables = Object.fromEntries(SECRETS.map((name) => [name, `${name.toLowerCase()}-of-36-characters-or-more`]));

const load = composeLoader();
const withLoader = load ? describe : describe.skip;
const REASON = load ? '' : ' (skipped: neither `docker compose` nor Go is on the PATH)';

function services(file: string): [string, ComposeService][] {
  const { stderr, services: found } = load?.(join(FOLDER, file), variables) ?? {};
  if (!found) throw new Error(`${file} is refused: ${stderr}`);
  return Object.entries(found);
}

const ours = (all: [string, ComposeService][]) => all.filter(([, { image }]) => image?.startsWith('campaign-manager'));

withLoader(`Docker Compose, reading our files${REASON}`, () => {
  it.each(FILES)('accepts %s', (file) => {
    expect(services(file).length).toBeGreaterThan(2);
  });

  it.each(SECRETS)('refuses compose.yaml without %s, and says where to set it', (name) => {
    const { status, stderr } = load?.(join(FOLDER, 'compose.yaml'), { ...variables, [name]: '' }) ?? {};
    expect(status).not.toBe(0);
    expect(stderr).toMatch(new RegExp(`${name} is missing a value: is missing, see docker/\\.env\\.example`));
  });

  it.each(FILES)('opens ports of %s on this machine only', (file) => {
    const ports = services(file).flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter(({ host_ip }) => host_ip !== '127.0.0.1')).toEqual([]);
  });

  it('gives no container of compose.yaml a right that it can do without', () => {
    for (const [name, service] of services('compose.yaml')) {
      expect([name, service]).toEqual([
        name,
        expect.objectContaining({
          read_only: true,
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
          restart: name === 'migrate' ? 'on-failure' : 'unless-stopped',
        }),
      ]);
    }
  });

  it('starts the apps when MongoDB is migrated, two workers among them', () => {
    const all = services('compose.yaml');
    const apps = ours(all).filter(([name]) => name !== 'migrate');
    expect(apps.map(([name]) => name).sort()).toEqual(['api', 'scheduler', 'worker']);
    for (const [name, { command, depends_on }] of apps) {
      expect(command).toEqual([name]);
      expect(depends_on?.['migrate']?.condition).toBe('service_completed_successfully');
    }
    expect(Object.fromEntries(all)['worker']?.deploy?.replicas).toBe(2);
  });

  it.each(['compose.yaml', 'compose.simple.yaml'])('gives our apps settings in %s that they accept', (file) => {
    const apps = ours(services(file));
    expect(apps.length).toBe(4);
    for (const [, { environment = {} }] of apps) expect(loadConfig({ ...environment }).warnings).toEqual([]);
  });

  it.each(['compose.yaml', 'compose.simple.yaml'])('waits longer in %s for an app than the app itself does', (file) => {
    for (const [name, { environment, stop_grace_period: grace }] of ours(services(file))) {
      const limitSeconds = loadConfig({ ...environment }).shutdownTimeoutMs / 1000;
      expect([name, Number(/^(\d+)s$/.exec(grace ?? '')?.[1])]).toEqual([name, expect.any(Number)]);
      expect(Number.parseInt(grace ?? '', 10)).toBeGreaterThan(limitSeconds);
    }
  });

  it('names one version of each foreign image, and never "latest"', () => {
    const images = new Set(FILES.flatMap((file) => services(file).map(([, { image = '' }]) => image)));
    const foreign = [...images].filter((image) => !image.startsWith('campaign-manager')).sort();
    expect(foreign.filter((image) => !/:v?\d+\.\d+/.test(image))).toEqual([]);
    expect(new Set(foreign.map((image) => image.split(':')[0])).size).toBe(foreign.length);
  });

  it('starts Prometheus and Grafana with the profile observability only', () => {
    const withProfile = services('compose.yaml').filter(([, { profiles = [] }]) => profiles.includes('observability'));
    expect(withProfile.map(([name]) => name).sort()).toEqual(['grafana', 'prometheus']);
  });
});

describe('what settings.env does not change in compose.yaml', () => {
  const { services: all } = parse(readFileSync(join(FOLDER, 'compose.yaml'), 'utf8'), { merge: true });
  const apps = ['migrate', 'scheduler', 'worker', 'api'].map((name) => all[name].environment);

  it('is told by the page, name by name', () => {
    const page = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    const [table = ''] = /\| setting [\s\S]*?\n\n/.exec(page) ?? [];
    const told = table.split('\n').flatMap((row) => (row.split('|')[1] ?? '').match(/[A-Z]+(?:_[A-Z]+)+/g) ?? []);
    expect(told.sort()).toEqual([...new Set(apps.flatMap((environment) => Object.keys(environment)))].sort());
  });

  it('is where Prometheus and the published ports look', () => {
    for (const { METRICS_PORT } of apps) expect(METRICS_PORT).toBe(loadConfig({}).metricsPort);
    const { API_PORT, INBOUND_SMTP_PORT } = all.api.environment;
    const ports = all.api.ports.map((port: string) => Number(port.split(':').at(-1)));
    expect(ports).toEqual([API_PORT, INBOUND_SMTP_PORT]);
  });
});

describe('the sample of the configuration guide', () => {
  const guide = readFileSync(join(FOLDER, '../docs/configuration-guide.md'), 'utf8');
  const [, sample = ''] = /```yaml\n(x-settings:[\s\S]*?)```/.exec(guide) ?? [];
  const { services: all } = parse(sample, { merge: true });

  it('gives each app longer to stop than it takes, and the api a key', () => {
    const limitSeconds = loadConfig({}).shutdownTimeoutMs / 1000;
    for (const app of ['scheduler', 'worker', 'api']) {
      expect([app, Number.parseInt(all[app].stop_grace_period, 10) > limitSeconds]).toEqual([app, true]);
    }
    expect(all.api.environment).toMatchObject({ ...all.worker.environment, API_BOOTSTRAP_KEY: expect.any(String) });
  });
});

describe('the image', () => {
  it('holds the maps that its entry point reads', () => {
    const dockerfile = readFileSync(join(FOLDER, 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain('ENTRYPOINT ["node", "--enable-source-maps"');
    expect(dockerfile).toContain("-path '*/dist/*.js.map'");
  });
});

describe("the Compose file of the user's guide", () => {
  // As the guide gives them to its one service: numbers are numbers of YAML there.
  const GUIDE = `
    MONGODB_URI: "mongodb://mongodb:27017"
    MONGODB_DATABASE: "communication_service"
    CAMPAIGN_MAX_BATCH_SIZE: 100
    CAMPAIGN_STAGE_DELAY_FACTOR: 1.0
    CAMPAIGN_RETRY_DELAY_SECONDS: 300
    CAMPAIGN_METRICS_TTL_SECONDS: 600
    CAMPAIGN_PROCESSING_THREADS: 4
    CAMPAIGN_POLLING_INTERVAL_SECONDS: 60
    LOG_LEVEL: "INFO"`;
  const simple = parse(readFileSync(join(FOLDER, 'compose.simple.yaml'), 'utf8'), { merge: true });

  it.each(['migrate', 'scheduler', 'worker', 'api'])(
    'stands in compose.simple.yaml with all of its values: %s',
    (role) => {
      expect(simple.services[role].environment).toMatchObject(parse(GUIDE));
    },
  );

  it.each([
    ['as YAML reads them', parse(GUIDE)],
    ['as they are written', parse(GUIDE, { schema: 'failsafe' })],
  ])('has values that our configuration accepts %s', (_, values: Record<string, unknown>) => {
    const env = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
    expect(loadConfig(env)).toEqual(loadConfig({ MONGODB_URI: 'mongodb://mongodb:27017' }));
  });
});

describe('Prometheus in Compose', () => {
  it('scrapes every replica of every app at the port of their metrics', () => {
    const { scrape_configs: jobs } = parse(readFileSync(join(FOLDER, 'prometheus/prometheus.yaml'), 'utf8'));
    expect(jobs[0].dns_sd_configs).toEqual([
      expect.objectContaining({ names: ['scheduler', 'worker', 'api'], type: 'A', port: loadConfig({}).metricsPort }),
    ]);
  });
});
