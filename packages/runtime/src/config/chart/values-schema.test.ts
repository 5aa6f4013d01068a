import { Ajv, type ValidateFunction } from 'ajv';
import { CATALOG } from '../catalog.js';
import { parseVariable } from '../parse.js';
import type { Variable, Variables } from '../variable.js';
import { allValues, chartVariables, renderValuesSchema } from './values-schema.js';
import { renderValuesYaml } from './values-yaml.js';

const schema = JSON.parse(renderValuesSchema());
const ajv = new Ajv({ allErrors: true, strictTypes: false });
const validate: ValidateFunction = ajv.compile(schema);

const accepts = (name: string, value: unknown) => validate({ config: { [name]: value } });
const refusals = (name: string, value: unknown) =>
  accepts(name, value) ? [] : (validate.errors ?? []).map(({ params }) => params['allowedValue']).filter(Boolean);

/** What the apps make of the text that the chart writes into its ConfigMap. */
function appsAccept(variable: Variable, value: unknown): boolean {
  const text = typeof value === 'object' ? JSON.stringify(value) : `${value}`;
  return 'value' in parseVariable(variable, text);
}

const variables = chartVariables();
const open = variables.filter(({ secret }) => !secret);

/** As a Redis Cluster has them, and what is none. */
const SEVERAL_HOSTS = ['a:6379,b:6379,c:6379', 'a,[::1]:7000/0?x=1,2', 'a,', ',a', 'a,,b', 'a:1,b:70000', 'a:1, b:2'];

/** Values at and around what a variable allows: text, and what YAML has of its own. */
function samples(variable: Variable): unknown[] {
  const words = [
    '',
    '  ',
    'x y',
    'true',
    'TRUE',
    'Yes',
    'on',
    '1',
    '0',
    'info',
    'a@b.example',
    'a,b.c',
    'a,,b',
    '*',
    '-',
    '\n',
  ];
  switch (variable.kind) {
    case 'integer':
    case 'number': {
      const low = 'above' in variable ? variable.above : variable.min;
      const step = variable.kind === 'integer' ? 1 : 0.0001;
      const numbers = [
        low,
        low - step,
        low + step,
        low / 10,
        low * 10,
        0,
        1,
        variable.max,
        variable.max - step,
        variable.max + step,
      ];
      const rounded = numbers.map((number) => Number(number.toFixed(5)));
      const plain = rounded.filter((number) => number >= 0 && !`${number}`.includes('e'));
      const spelt = plain.flatMap((number) => [
        `${number}`,
        ` ${number} `,
        `+${number}`,
        `0${number}`,
        `${number}.0`,
        `${number}0`,
      ]);
      return [...words, ...rounded, ...spelt, '.5', '5.', '1.5', 1.5, '0x10', '1 0', '60s', '12345678'];
    }
    case 'boolean':
      return [...words, true, false, 0, 1, 2, 'no', 'FALSE', 'yess'];
    case 'enum': {
      const known = [...variable.values, ...Object.keys(variable.aliases ?? {})];
      return [
        ...words,
        ...known,
        ...known.map((word) => word.toUpperCase()),
        ...known.map((word) => ` ${word.toLowerCase()}`),
        `${known[0]}s`,
      ];
    }
    case 'string':
      return [
        ...words,
        variable.default ?? '',
        'Host',
        'content-type',
        'Webhook-Id',
        'X-Id',
        'x'.repeat(64),
        'x'.repeat(65),
        [...Array(3).fill('x'.repeat(60)), 'example'].join('.'),
        [...Array(4).fill('x'.repeat(60)), 'example'].join('.'),
        'Replies.Example.COM',
        'a..b',
        '-a.b',
        './a.js',
        '@scope/package',
        'Sales <sales@example.com>',
        'a/b',
        'a b',
        '::1',
        'Ä',
        'a$b',
        'a\u0007b',
        'x'.repeat(256),
      ];
    case 'list':
      return [...words, variable.default.join(','), ' a , b.c,', 'Straße', 'a.,b'];
    case 'url':
      return [
        ...words,
        ...variable.schemes.flatMap((scheme) => [
          `${scheme}://host`,
          `${scheme.toUpperCase()}://host:123/path?query=1#part`,
          `${scheme}://`,
          `${scheme}:host`,
          `${scheme}://a b`,
          `${scheme}://[::1]:80/`,
          `${scheme}://host:70000`,
          `${scheme}:///path`,
          `${scheme}://host/a@b`,
        ]),
        ...(variable.schemes.includes('redis') ? SEVERAL_HOSTS.map((hosts) => `redis://${hosts}`) : []),
        'ftp://host',
        'mongodb://a:1,b:2/?replicaSet=rs',
      ];
    case 'json':
      return [
        '',
        '{',
        {},
        { boss: { channel: 'log' } },
        { boss: { channel: 'pigeon' } },
        { boss: { channel: 'log', more: 1 } },
        { '1': { channel: 'log' } },
        [],
        1,
      ];
  }
}

describe('the schema of the chart', () => {
  it.each(open.map((variable) => [variable.name, variable] as const))(
    'accepts of %s what the apps accept, and nothing else',
    (name, variable) => {
      const differing = samples(variable).filter((value) => {
        const written = typeof value === 'number' && `${value}`.includes('e');
        return !written && accepts(name, value) !== appsAccept(variable, value);
      });
      expect(differing).toEqual([]);
    },
  );

  it.each(open.map((variable) => [variable.name, samples(variable), variable] as const))(
    'is tried on values of %s of both kinds',
    (_name, values, variable) => {
      const answers = new Set(values.map((value) => appsAccept(variable, value)));
      expect([...answers].sort()).toEqual([false, true]);
    },
  );

  it('refuses with the words of the apps', () => {
    expect(refusals('CAMPAIGN_MAX_BATCH_SIZE', '0')).toEqual(['a whole number from 1 to 10000']);
    expect(refusals('LOG_LEVEL', 'LOUD')).toEqual(['one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL']);
  });

  it('does not accept the words of its own refusals, unless the apps do', () => {
    for (const variable of variables) {
      for (const words of refusals(variable.name, '\u0000')) {
        expect(accepts(variable.name, words)).toBe(!variable.secret && appsAccept(variable, words));
      }
    }
  });

  it.each(['mongodb://user:p4ss@host', 'mongodb://user@host', ' MONGODB://u:p@a:1,b:2/?x=1'])(
    'refuses %s, because it holds credentials, and does not repeat it',
    (uri) => {
      expect(accepts('MONGODB_URI', uri)).toBe(false);
      expect(refusals('MONGODB_URI', uri)).toEqual([
        'without user and password here: a URL with them belongs in the Secret that existingSecret names',
      ]);
    },
  );

  it('accepts the nodes of a Redis Cluster, but not with a password', () => {
    expect(accepts('REDIS_URL', 'redis://a:6379,b:6379,c:6379')).toBe(true);
    expect(accepts('REDIS_URL', 'redis://:p4ss@a:6379,b:6379')).toBe(false);
  });

  it.each(['REDIS_URL', 'SMTP_URL', 'WEBHOOK_URL', 'PUBLIC_URL'])('refuses credentials in %s', (name) => {
    const variable = variables.find((candidate) => candidate.name === name);
    if (variable?.kind !== 'url') throw new Error(`${name} is no URL`);
    expect(accepts(name, `${variable.schemes[0]}://host`)).toBe(true);
    expect(accepts(name, `${variable.schemes[0]}://:p4ss@host`)).toBe(false);
  });

  it.each(variables.filter(({ secret, kind }) => secret && kind !== 'url').map(({ name }) => name))(
    'sends %s to the Secret',
    (name) => {
      expect(refusals(name, 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0')).toEqual([
        'in the Secret that existingSecret names, not here',
      ]);
    },
  );

  it('refuses ports that the system would choose', () => {
    expect(accepts('METRICS_PORT', '0')).toBe(false);
    expect(accepts('METRICS_PORT', 9090)).toBe(true);
  });

  it.each([
    { workers: {} },
    { worker: { replica: 1 } },
    { config: { CAMPAIGN_BATCH_SIZE: '1' } },
    { autoscaling: { type: 'hpa' } },
  ])('refuses %j, which has a key or a word that is not ours', (values) => {
    expect(validate(values)).toBe(false);
  });

  it('accepts as a tag what is text or a whole number, with all its digits', () => {
    for (const tag of ['0.1.0', '', 20240101, 20240101123456]) expect(validate({ image: { tag } })).toBe(true);
    for (const tag of [1.1, 2 ** 53, -1, null]) expect(validate({ image: { tag } })).toBe(false);
  });

  it('knows no variable that only the command line reads', () => {
    const cli = Object.values(CATALOG as Variables).filter(({ roles }) => roles.every((role) => role === 'cli'));
    expect(cli.length).toBeGreaterThan(0);
    for (const { name } of cli) expect(accepts(name, 'x')).toBe(false);
  });
});

describe('values.yaml', () => {
  it("shows the variables of the user's ConfigMap and no others", () => {
    const shown = Object.entries(allValues()['config']?.properties ?? {}).filter(([, node]) => 'default' in node);
    expect(shown.map(([name]) => name).sort()).toEqual(
      [
        'MONGODB_URI',
        'MONGODB_DATABASE',
        'CAMPAIGN_MAX_BATCH_SIZE',
        'CAMPAIGN_STAGE_DELAY_FACTOR',
        'CAMPAIGN_RETRY_DELAY_SECONDS',
        'CAMPAIGN_METRICS_TTL_SECONDS',
        'CAMPAIGN_PROCESSING_THREADS',
        'CAMPAIGN_POLLING_INTERVAL_SECONDS',
        'WORKER_THREADS',
        'MAX_CONCURRENT_CONVERSATIONS',
        'LOG_LEVEL',
        'ENABLE_METRICS',
        'METRICS_PORT',
      ].sort(),
    );
  });

  it('is what the schema accepts', async () => {
    const { parse } = await import('yaml');
    expect(validate(parse(renderValuesYaml()))).toBe(true);
  });
});
