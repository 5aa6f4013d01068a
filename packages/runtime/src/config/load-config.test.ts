import { CATALOG, GROUPS } from './catalog.js';
import { ConfigError } from './config-error.js';
import { renderDocs } from './docs.js';
import { loadConfig } from './load-config.js';

function faultsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('loadConfig', () => {
  it('has a default for everything that an app needs', () => {
    expect(loadConfig({})).toEqual({
      maxBatchSize: 100,
      stageDelayFactor: 1,
      retryDelayMs: 300_000,
      metricsTtlMs: 600_000,
      historyRetentionDays: 0,
      queuesWritable: false,
      processingThreads: 4,
      pollingIntervalMs: 60_000,
      mongodbUri: 'mongodb://localhost:27017',
      mongodbDatabase: 'communication_service',
      dbConnectionPoolSize: 20,
      dbMaxIdleTimeMs: 30_000,
      redisUrl: 'redis://localhost:6379',
      redisCluster: false,
      redisPrefix: 'campaign',
      workerThreads: 1,
      maxConcurrentConversations: 500,
      workerConcurrentTasks: 16,
      shutdownTimeoutMs: 30_000,
      logLevel: 'INFO',
      logFormat: 'json',
      includeTraceId: false,
      sensitiveFields: ['message_content', 'recipient.email', 'recipient.phone'],
      enableMetrics: true,
      metricsPort: 9090,
      metricsSampleRate: 1,
      otelExporterOtlpEndpoint: undefined,
      otelExporterOtlpTracesEndpoint: undefined,
      otelExporterOtlpProtocol: 'http/protobuf',
      otelExporterOtlpTracesProtocol: undefined,
      otelExporterOtlpHeaders: undefined,
      otelTracesExporter: undefined,
      otelSdkDisabled: false,
      otelServiceName: undefined,
      otelTracesSampler: 'parentbased_always_on',
      otelTracesSamplerArg: undefined,
      tracing: null,
      apiHost: '0.0.0.0',
      apiPort: 3000,
      apiBootstrapKey: undefined,
      defaultChannel: 'log',
      smtpUrl: undefined,
      smtpFrom: 'Campaign Manager <campaigns@localhost>',
      smtpTimeoutMs: 30_000,
      emailDeliveryPolicy: 'at_most_once',
      webhookUrl: undefined,
      webhookSecret: undefined,
      webhookTimeoutMs: 30_000,
      webhookAllowPrivateAddresses: false,
      webhookDeliveryPolicy: 'at_least_once',
      webhookIdempotencyHeader: 'Idempotency-Key',
      notifiers: { notify_manager: { channel: 'log' } },
      linkSecret: undefined,
      publicUrl: undefined,
      inboundDomain: undefined,
      inboundSmtpPort: undefined,
      inboundSmtpHost: '0.0.0.0',
      emailMaxPerSecond: 0,
      webhookMaxPerSecond: 0,
      channelPauseErrorRate: 0.5,
      channelPauseMinOutcomes: 50,
      apiUrl: 'http://127.0.0.1:3000',
      apiKey: undefined,
      warnings: [],
    });
  });

  it.each([
    ['CAMPAIGN_MAX_BATCH_SIZE', '500', 'maxBatchSize', 500],
    ['CAMPAIGN_MAX_BATCH_SIZE', '100.0', 'maxBatchSize', 100],
    ['CAMPAIGN_MAX_BATCH_SIZE', '10000', 'maxBatchSize', 10_000],
    ['CAMPAIGN_STAGE_DELAY_FACTOR', '1.0', 'stageDelayFactor', 1],
    ['CAMPAIGN_STAGE_DELAY_FACTOR', '0.00001', 'stageDelayFactor', 0.00001],
    ['CAMPAIGN_STAGE_DELAY_FACTOR', '1e-5', 'stageDelayFactor', 0.00001],
    ['CAMPAIGN_RETRY_DELAY_SECONDS', '0.25', 'retryDelayMs', 250],
    ['CAMPAIGN_METRICS_TTL_SECONDS', '0', 'metricsTtlMs', 0],
    ['CAMPAIGN_POLLING_INTERVAL_SECONDS', ' 0.1 ', 'pollingIntervalMs', 100],
    ['CAMPAIGN_METRICS_SAMPLE_RATE', '0.1', 'metricsSampleRate', 0.1],
    ['METRICS_PORT', '0', 'metricsPort', 0],
    ['EMAIL_MAX_PER_SECOND', '0.5', 'emailMaxPerSecond', 0.5],
    ['CHANNEL_PAUSE_ERROR_RATE', '0', 'channelPauseErrorRate', 0],
    ['LOG_LEVEL', 'WARNING', 'logLevel', 'WARN'],
    ['LOG_LEVEL', 'debug', 'logLevel', 'DEBUG'],
    ['INCLUDE_TRACE_ID', 'Yes', 'includeTraceId', true],
    ['ENABLE_METRICS', '0', 'enableMetrics', false],
    ['ENABLE_METRICS', 'FALSE', 'enableMetrics', false],
    ['SENSITIVE_FIELDS', ' a , b.c,', 'sensitiveFields', ['a', 'b.c']],
    [
      'MONGODB_URI',
      'mongodb://u:p@a:27017,b:27017/?replicaSet=rs',
      'mongodbUri',
      'mongodb://u:p@a:27017,b:27017/?replicaSet=rs',
    ],
    ['MONGODB_URI', 'mongodb+srv://cluster.example.com', 'mongodbUri', 'mongodb+srv://cluster.example.com'],
    ['SMTP_FROM', 'sales@example.com', 'smtpFrom', 'sales@example.com'],
    ['EMAIL_DELIVERY_POLICY', 'at_least_once', 'emailDeliveryPolicy', 'at_least_once'],
    ['WEBHOOK_IDEMPOTENCY_HEADER', 'X-Request-Id', 'webhookIdempotencyHeader', 'X-Request-Id'],
    ['INBOUND_SMTP_HOST', '127.0.0.1', 'inboundSmtpHost', '127.0.0.1'],
    ['CAMPAIGN_MAX_BATCH_SIZE', '', 'maxBatchSize', 100],
    ['SENSITIVE_FIELDS', '  ', 'sensitiveFields', ['message_content', 'recipient.email', 'recipient.phone']],
  ] as const)('reads %s=%j', (name, text, key, value) => {
    expect(loadConfig({ [name]: text })[key]).toEqual(value);
  });

  it.each(['two words', 'a:b', 'Webhook-Id', 'content-type', 'HOST', 'Transfer-Encoding', 'x'.repeat(65)])(
    'refuses the header %s for the idempotency key',
    (name) => {
      const load = () => loadConfig({ WEBHOOK_IDEMPOTENCY_HEADER: name });
      expect(load).toThrow('must be the name of a header that is not set otherwise');
    },
  );

  it.each([
    [
      'CAMPAIGN_MAX_BATCH_SIZE',
      'many',
      'CAMPAIGN_MAX_BATCH_SIZE is "many", but must be a whole number from 1 to 10000.',
    ],
    ['CAMPAIGN_MAX_BATCH_SIZE', '0', 'CAMPAIGN_MAX_BATCH_SIZE is "0", but must be a whole number from 1 to 10000.'],
    [
      'CAMPAIGN_MAX_BATCH_SIZE',
      '10001',
      'CAMPAIGN_MAX_BATCH_SIZE is "10001", but must be a whole number from 1 to 10000.',
    ],
    ['CAMPAIGN_MAX_BATCH_SIZE', '1.5', 'CAMPAIGN_MAX_BATCH_SIZE is "1.5", but must be a whole number from 1 to 10000.'],
    [
      'CAMPAIGN_MAX_BATCH_SIZE',
      '0x10',
      'CAMPAIGN_MAX_BATCH_SIZE is "0x10", but must be a whole number from 1 to 10000.',
    ],
    [
      'CAMPAIGN_STAGE_DELAY_FACTOR',
      '0',
      'CAMPAIGN_STAGE_DELAY_FACTOR is "0", but must be a number above 0 and at most 1000.',
    ],
    [
      'CAMPAIGN_STAGE_DELAY_FACTOR',
      'Infinity',
      'CAMPAIGN_STAGE_DELAY_FACTOR is "Infinity", but must be a number above 0 and at most 1000.',
    ],
    [
      'CAMPAIGN_RETRY_DELAY_SECONDS',
      '-1',
      'CAMPAIGN_RETRY_DELAY_SECONDS is "-1", but must be a number from 0.001 to 604800.',
    ],
    [
      'CAMPAIGN_POLLING_INTERVAL_SECONDS',
      '60s',
      'CAMPAIGN_POLLING_INTERVAL_SECONDS is "60s", but must be a number from 0.1 to 86400.',
    ],
    ['LOG_LEVEL', 'LOUD', 'LOG_LEVEL is "LOUD", but must be one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL.'],
    ['LOG_FORMAT', 'xml', 'LOG_FORMAT is "xml", but must be one of json, pretty.'],
    ['ENABLE_METRICS', 'on\nand', 'ENABLE_METRICS is "on\\nand", but must be true or false (also 1, 0, yes, no).'],
    [
      'SENSITIVE_FIELDS',
      'a,recipient.*',
      'SENSITIVE_FIELDS is "a,recipient.*", but must be field names with commas between them, such as message_content,recipient.email (not "recipient.*").',
    ],
    [
      'MONGODB_URI',
      'http://u:p4ss@host',
      'MONGODB_URI (its value is not shown), but must be a URL that begins with mongodb:// or mongodb+srv://.',
    ],
    [
      'WEBHOOK_URL',
      'ftp://u:p4ss@host',
      'WEBHOOK_URL is "ftp://[REDACTED]@host", but must be a URL that begins with http:// or https://.',
    ],
    ['WEBHOOK_URL', 'https://', 'WEBHOOK_URL is "https://", but must be a URL that begins with http:// or https://.'],
    [
      'API_BOOTSTRAP_KEY',
      'p4ss',
      'API_BOOTSTRAP_KEY (its value is not shown), but must be 24 to 256 characters without spaces.',
    ],
    [
      'NOTIFIERS',
      '{',
      'NOTIFIERS is "{", but must be a JSON object such as {"notify_manager":{"channel":"email","to":"boss@example.com"}} (it is not JSON).',
    ],
  ])('refuses %s=%j in one line that names variable, value and what is allowed', (name, text, line) => {
    expect(faultsOf({ [name]: text })).toEqual([line]);
  });

  it.each([
    ['{"a":{"channel":"pigeon"}}', '/a/channel must be equal to one of the allowed values'],
    ['{"a":{"channel":"log","extra":1}}', '/a must NOT have additional properties'],
    ['{"__proto__":{"channel":"log"}}', 'the whole'],
    ['[]', 'the whole must be object'],
  ])('says where NOTIFIERS=%s is wrong', (text, place) => {
    expect(faultsOf({ NOTIFIERS: text })).toEqual([expect.stringContaining(place)]);
  });

  it('reports all wrong values at once, one line each', () => {
    const faults = faultsOf({ API_PORT: '99999', LOG_LEVEL: 'x', REDIS_URL: 'localhost' });
    expect(faults.map((line) => line.split(' ')[0])).toEqual(['REDIS_URL', 'LOG_LEVEL', 'API_PORT']);
    expect(new ConfigError(faults).message.split('\n')).toHaveLength(3);
  });

  it.each([
    [{ DEFAULT_CHANNEL: 'email' }, 'DEFAULT_CHANNEL is "email", which needs SMTP_URL, but SMTP_URL is not set.'],
    [
      { DEFAULT_CHANNEL: 'webhook' },
      'DEFAULT_CHANNEL is "webhook", which needs WEBHOOK_URL, but WEBHOOK_URL is not set.',
    ],
    [
      { WEBHOOK_URL: 'https://example.com' },
      'WEBHOOK_URL is set, which needs WEBHOOK_SECRET, but WEBHOOK_SECRET is not set.',
    ],
    [{ PUBLIC_URL: 'https://example.com' }, 'PUBLIC_URL is set, which needs LINK_SECRET, but LINK_SECRET is not set.'],
    [
      { INBOUND_DOMAIN: 'replies.example.com' },
      'INBOUND_DOMAIN is set, which needs LINK_SECRET, but LINK_SECRET is not set.',
    ],
    [
      { INBOUND_SMTP_PORT: '0' },
      'INBOUND_SMTP_PORT is set, which needs INBOUND_DOMAIN, but INBOUND_DOMAIN is not set.',
    ],
    [
      { NOTIFIERS: '{"boss":{"channel":"webhook"}}' },
      'NOTIFIERS gives boss the channel "webhook", which needs WEBHOOK_URL, but WEBHOOK_URL is not set.',
    ],
    [
      { SMTP_URL: 'smtp://localhost', NOTIFIERS: '{"boss":{"channel":"email"}}' },
      'NOTIFIERS gives boss the channel "email", but no address: "to" is missing.',
    ],
    ...['campaign', 'campaign{}', 'a{}{b}'].map((prefix): [NodeJS.ProcessEnv, string] => [
      { REDIS_CLUSTER: 'true', REDIS_PREFIX: prefix },
      `REDIS_CLUSTER is true, which needs a REDIS_PREFIX with a part in braces, such as {campaign}, but it is "${prefix}": all keys must lie in one slot.`,
    ]),
    [{ REDIS_URL: 'redis://a:6379,b:6379' }, 'REDIS_URL names several hosts, which needs REDIS_CLUSTER=true.'],
    [
      { REDIS_URL: 'redis://a:6379/2', REDIS_CLUSTER: 'true', REDIS_PREFIX: '{campaign}' },
      'REDIS_URL names the database 2, but a cluster (REDIS_CLUSTER) has only the database 0.',
    ],
  ])('refuses %j, because one needs the other', (env, line) => {
    expect(faultsOf(env)).toEqual([line]);
  });

  it.each([
    ['redis://node', '{campaign}'],
    ['rediss://user:p%2Cw@a:6379,b:6380,[::1]:6381', 'our{campaign}s'],
    ['redis://a:6379,b:6379/0', '{a}{b}'],
  ])('takes %s with the prefix %s as a cluster', (url, prefix) => {
    const config = loadConfig({ REDIS_URL: url, REDIS_CLUSTER: 'true', REDIS_PREFIX: prefix });
    expect(config).toMatchObject({ redisUrl: url, redisCluster: true, redisPrefix: prefix });
  });

  it.each(['redis://a:6379,', 'redis://a:6379,b:99999', 'redis://,b:6379'])(
    'refuses %s, a host of which is none',
    (url) => {
      expect(faultsOf({ REDIS_URL: url, REDIS_CLUSTER: 'true', REDIS_PREFIX: '{campaign}' })).toEqual([
        expect.stringMatching(/^REDIS_URL /),
      ]);
    },
  );

  it('sends by email where there is a mail server, unless told otherwise', () => {
    const SMTP_URL = 'smtp://localhost:2525';
    expect(loadConfig({ SMTP_URL }).defaultChannel).toBe('email');
    expect(loadConfig({ SMTP_URL, DEFAULT_CHANNEL: 'log' }).defaultChannel).toBe('log');
  });

  it('adds notifiers to the one that is always there, or replaces it', () => {
    const own = { channel: 'email', to: 'boss@example.com' };
    const env = { SMTP_URL: 'smtp://localhost', NOTIFIERS: JSON.stringify({ boss: own }) };
    expect(loadConfig(env).notifiers).toEqual({ notify_manager: { channel: 'log' }, boss: own });
    expect(loadConfig({ ...env, NOTIFIERS: JSON.stringify({ notify_manager: own }) }).notifiers).toEqual({
      notify_manager: own,
    });
    expect(loadConfig(env).notifiers['constructor']).toBeUndefined();
  });

  it('cannot be changed', () => {
    const config = loadConfig({});
    for (const part of [
      config,
      config.sensitiveFields,
      config.notifiers,
      config.notifiers['notify_manager'],
      config.warnings,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it.each([
    [
      'CAMPAIGN_BATCH_SIZE',
      'CAMPAIGN_BATCH_SIZE is not a variable of Campaign Manager and has no effect. Did you mean CAMPAIGN_MAX_BATCH_SIZE?',
    ],
    [
      'CAMPAIGN_COLOUR_OF_THE_ENVELOPES_AND_STAMPS',
      'CAMPAIGN_COLOUR_OF_THE_ENVELOPES_AND_STAMPS is not a variable of Campaign Manager and has no effect.',
    ],
    ['MONGO_URI', 'MONGO_URI is not a variable of Campaign Manager and has no effect. Did you mean MONGODB_URI?'],
    ['log_level', 'log_level is not a variable of Campaign Manager and has no effect. Did you mean LOG_LEVEL?'],
  ])('warns of %s, which looks like one of ours', (name, warning) => {
    expect(loadConfig({ [name]: '1' }).warnings).toEqual([warning]);
  });

  it('does not warn of what belongs to others', () => {
    const others = [
      'PATH',
      'HOME',
      'NODE_ENV',
      'CAMPAIGN_API_SERVICE_HOST',
      'CAMPAIGN_API_PORT_3000_TCP_ADDR',
      'CAMPAIGN_API_PORT',
    ];
    expect(loadConfig(Object.fromEntries(others.map((name) => [name, '1']))).warnings).toEqual([]);
  });
});

describe('the catalog', () => {
  const variables = Object.values(CATALOG);

  it.each([
    // The table of environment variables.
    'CAMPAIGN_MAX_BATCH_SIZE',
    'CAMPAIGN_STAGE_DELAY_FACTOR',
    'CAMPAIGN_RETRY_DELAY_SECONDS',
    'CAMPAIGN_METRICS_TTL_SECONDS',
    'CAMPAIGN_PROCESSING_THREADS',
    'CAMPAIGN_POLLING_INTERVAL_SECONDS',
    // The Compose file and the ConfigMap.
    'MONGODB_URI',
    'MONGODB_DATABASE',
    'LOG_LEVEL',
    'WORKER_THREADS',
    'MAX_CONCURRENT_CONVERSATIONS',
    'ENABLE_METRICS',
    'METRICS_PORT',
    // Scaling and logging.
    'WORKER_CONCURRENT_TASKS',
    'DB_CONNECTION_POOL_SIZE',
    'DB_MAX_IDLE_TIME_MS',
    'CAMPAIGN_METRICS_SAMPLE_RATE',
    'LOG_FORMAT',
    'INCLUDE_TRACE_ID',
    'SENSITIVE_FIELDS',
  ])("and its documentation have %s of the user's guide", (name) => {
    expect(variables.map((variable) => variable.name)).toContain(name);
    expect(renderDocs()).toContain(`| \`${name}\` |`);
  });

  it('has every variable and every key in one group only', () => {
    const keys = GROUPS.flatMap((group) => Object.keys(group.variables));
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(variables.map(({ name }) => name)).size).toBe(variables.length);
    expect(keys.sort()).toEqual(Object.keys(CATALOG).sort());
  });

  it.each(variables.map((variable) => [variable.name, variable] as const))(
    'has a default of %s that it would accept',
    (name, variable) => {
      if (!('default' in variable)) return expect(loadConfig({})).toBeDefined();
      const text = typeof variable.default === 'object' ? variable.default.join(',') : `${variable.default}`;
      expect(loadConfig({ [name]: text })).toEqual(loadConfig({}));
    },
  );
});
