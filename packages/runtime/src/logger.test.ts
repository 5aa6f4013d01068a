import { loadConfig } from './config/load-config.js';
import { createLogger, type Logger } from './logger.js';
import { newTraceId, withTraceId } from './tracing/trace-id.js';

const EMAIL = 'canary.ann@mail.example.com';
const PHONE = '+49 (151) 234-56789';
const CONTENT = 'Canary: dear "Ann",\nyour proposal of 20 % is ready\nWrite to us';
const CANARIES = [/canary/i, /mail\.example/, /234-?567/, /your proposal/, /write to us/i, /dear/];

function logged(env: NodeJS.ProcessEnv, write: (logger: Logger) => void): string {
  let output = '';
  const stream = { write: (line: string) => (output += line) };
  write(createLogger(loadConfig(env), { app: 'tester', stream }));
  return output;
}

const records = (output: string) =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

class ProviderError extends Error {
  readonly recipient = { email: EMAIL };
  readonly response = `550 5.1.1 no such user <${EMAIL}>`;
}

function cyclic(): object {
  const circle: { [key: string]: unknown } = { email: EMAIL };
  circle['self'] = circle;
  return circle;
}

function deep(levels: number, inner: object): object {
  return levels === 0 ? inner : { below: deep(levels - 1, inner) };
}

describe('what must never be logged', () => {
  const cases: [string, (logger: Logger) => void][] = [
    ['a field at the top', (log) => log.info({ message_content: CONTENT }, 'sent')],
    ['a field under its parent', (log) => log.info({ recipient: { email: EMAIL, phone: PHONE } })],
    ['a field under any other parent', (log) => log.info({ a: { b: [{ c: { phone: PHONE } }] } })],
    ['a field 15 levels deep', (log) => log.info(deep(15, { message_content: CONTENT }))],
    ['a field below every limit', (log) => log.info(deep(200, { message_content: CONTENT }))],
    ['a dotted key', (log) => log.info({ 'recipient.email': EMAIL, context: { 'recipient.phone': PHONE } })],
    [
      'another spelling of the key',
      (log) => log.info({ messageContent: CONTENT, Email: EMAIL, 'MESSAGE-CONTENT': CONTENT }),
    ],
    ['a whole object under the key', (log) => log.info({ message_content: { subject: 'Canary', body: ['dear'] } })],
    ['a number under the key', (log) => log.info({ phone: 4915123456789 }, 'called 4915123456789')],
    ['bindings of a child', (log) => log.child({ recipient: { email: EMAIL } }).info('hello')],
    ['bindings of a child of a child', (log) => log.child({ a: 1 }).child({ message_content: CONTENT }).info('hello')],
    ['bindings set later', (log) => log.setBindings({ email: EMAIL })],
    ['a prefix of a child', (log) => log.child({}, { msgPrefix: `${EMAIL} ` }).info('hello')],
    ['a Map', (log) => log.info({ people: new Map([['ann', new Map([['email', EMAIL]])]]) })],
    ['a Map by address', (log) => log.info({ outcomes: new Map([[EMAIL, 'accepted']]) })],
    ['an object by address', (log) => log.info({ outcomes: { [EMAIL]: 'accepted' } })],
    ['a Set in an array', (log) => log.info({ sets: [new Set([{ email: EMAIL }])] })],
    ['an object with toJSON', (log) => log.info({ document: { toJSON: () => ({ phone: PHONE }) } })],
    ['an object without a prototype', (log) => log.info(Object.assign(Object.create(null), { email: EMAIL }))],
    ['binary data', (log) => log.info({ raw: Buffer.from(CONTENT) })],
    ['a cycle', (log) => log.info(cyclic())],
    [
      'a getter that throws beside it',
      (log) =>
        log.info({
          email: EMAIL,
          get broken() {
            throw new Error(EMAIL);
          },
        }),
    ],
    ['an error', (log) => log.error(new Error(`550 no such user ${EMAIL}`))],
    ['an error under another key', (log) => log.error({ failure: new ProviderError('refused') })],
    ['members of an error', (log) => log.error({ err: new ProviderError('refused') })],
    [
      'causes of an error',
      (log) =>
        log.error({
          err: new Error('outer', { cause: new Error('inner', { cause: new ProviderError(CONTENT) }) }),
          message_content: CONTENT,
        }),
    ],
    [
      'errors within an error',
      (log) => log.error({ err: new AggregateError([new ProviderError('refused')], 'all failed') }),
    ],
    [
      'an error text with the value of a field',
      (log) => log.error({ err: new Error(`could not send: ${CONTENT}`), message_content: CONTENT }),
    ],
    [
      'JSON in a string',
      (log) => log.info({ body: JSON.stringify({ recipient: { email: EMAIL }, message_content: CONTENT }) }),
    ],
    [
      'JSON in JSON in a string',
      (log) => log.info({ body: JSON.stringify({ payload: JSON.stringify({ message_content: CONTENT }) }) }),
    ],
    [
      'JSON with escaped letters',
      (log) => log.info({ body: '{"message\\u005fcontent":"Canary","\\u0065mail":"canary"}' }),
    ],
    [
      'JSON in the middle of a text',
      (log) => log.info(`posting ${JSON.stringify({ message_content: { deeply: CONTENT } })} failed`),
    ],
    ['JSON after braces that are none', (log) => log.info(`{{ {x} ${JSON.stringify({ message_content: [CONTENT] })}`)],
    ['JSON cut in the middle', (log) => log.info(JSON.stringify({ a: 1, message_content: CONTENT }).slice(0, 60))],
    ['JSON cut in an object', (log) => log.info(JSON.stringify({ message_content: { text: CONTENT } }).slice(0, 60))],
    [
      'escaped JSON cut in the middle',
      (log) => log.info(JSON.stringify({ b: JSON.stringify({ message_content: CONTENT }) }).slice(0, 70)),
    ],
    ['the text of an inspected object', (log) => log.info("{ message_content: 'Canary dear', other: 1 }")],
    ['a form', (log) => log.info(`email=${encodeURIComponent(EMAIL)}&message_content=Canary+dear&ok=1`)],
    ['name=value with spaces', (log) => log.info('message_content=Canary dear Ann status=sent')],
    ['name: value', (log) => log.info('the message_content: Canary, dear Ann; and so on')],
    [
      'another member that repeats what the text names',
      (log) => log.info({ note: 'so: Canary dear' }, 'message_content="Canary dear"'),
    ],
    ['an interpolated string', (log) => log.info('to %s by %s', EMAIL, PHONE)],
    ['an interpolated object', (log) => log.info('got %o and %j', { message_content: CONTENT }, { email: EMAIL })],
    ['a field that the message repeats', (log) => log.info({ message_content: CONTENT }, `sending ${CONTENT}`)],
    [
      'a field whose line the message repeats',
      (log) => log.info({ message_content: CONTENT }, 'sending: your proposal of 20 % is ready'),
    ],
    [
      'a field that a URL repeats',
      (log) => log.info({ message_content: CONTENT }, `/q?t=${encodeURIComponent(CONTENT)}`),
    ],
    ['a field in other letters', (log) => log.info({ message_content: 'Canary Dear' }, 'SENT CANARY DEAR')],
    ['an id with an address', (log) => log.info({ conversation_id: `c1/${EMAIL}`, key: `c1/${EMAIL}/decision/1/0/0` })],
    ['an address in angle brackets', (log) => log.info(`RCPT TO:<${EMAIL}>`)],
    [
      'an address with a plus and an apostrophe',
      (log) => log.info("canary+tag@mail.example.com o'canary@mail.example.com"),
    ],
    ['an address of a local host', (log) => log.info('canary@localhost and canary@[192.0.2.7] and canary@192.0.2.7')],
    ['an address with a quoted name', (log) => log.info('"canary ann"@mail.example.com')],
    ['an address in other letters', (log) => log.info('canary.änn@mail.example.com')],
    ['a list of addresses in one word', (log) => log.info(`a=${EMAIL};${EMAIL}|${EMAIL}`)],
    ['a number without separators', (log) => log.info('+4915123456789 and %2B4915123456789')],
  ];

  it.each(cases)('is masked in %s', (_name, write) => {
    const output = logged({}, write);
    for (const canary of CANARIES) expect(output).not.toMatch(canary);
    if (output !== '') expect(output).toMatch(/\[REDACTED\]|left out|bytes/);
  });

  it.each(cases)('is masked in %s when people read the log', (_name, write) => {
    const output = logged({ LOG_FORMAT: 'pretty' }, write);
    for (const canary of CANARIES) expect(output).not.toMatch(canary);
  });

  it.each([
    ['JSON', 'got {"message_content":"Q","sent":true}', 'got {"message_content":"[REDACTED]","sent":true}'],
    ['JSON with an object', 'got {"message_content":{"Q":true}}', 'got {"message_content":"[REDACTED]"}'],
    ['a form', 'message_content=Q&sent=true', 'message_content=[REDACTED]&sent=true'],
    ['an inspected object', "{ message_content: 'Q', sent: true }", "{ message_content: '[REDACTED]', sent: true }"],
  ])('is masked in the text of %s even where it is too short to be found elsewhere', (_name, text, masked) => {
    expect(records(logged({}, (log) => log.info(text)))).toMatchObject([{ msg: masked }]);
  });

  it('leaves the credentials of the configuration out, wherever they stand', () => {
    const env = {
      MONGODB_URI: 'mongodb://app:canary-mongo@db1,db2/?replicaSet=rs0',
      REDIS_URL: 'redis://:canary%2Fredis@cache:6379',
      SMTP_URL: 'smtps://mail:canary-smtp@mail.example.org',
      API_BOOTSTRAP_KEY: 'canary-bootstrap-key-0123456789',
    };
    const output = logged(env, (log) => {
      log.info({ config: loadConfig(env) }, 'started');
      log.error(new Error(`cannot reach ${env.MONGODB_URI}`));
      log.info('AUTH canary/redis failed, password canary-smtp, key canary-bootstrap-key-0123456789');
      log.info('proxy http://canary:canary@proxy.example.org:80/');
    });
    expect(output).not.toMatch(/canary/);
    expect(output).toContain('mongodb://[REDACTED]@db1,db2/?replicaSet=rs0');
  });

  it('masks the fields that are configured, and addresses only where email is among them', () => {
    const output = logged({ SENSITIVE_FIELDS: 'recipient.first_name, deal' }, (log) => {
      log.info({ recipient: { first_name: 'Kim', email: 'kim@example.com' }, deal: { size: 9 } }, 'Kim, not Kimberly');
    });
    expect(records(output)).toMatchObject([
      {
        recipient: { first_name: '[REDACTED]', email: '[REDACTED]@example.com' },
        deal: '[REDACTED]',
        msg: '[REDACTED], not Kimberly',
      },
    ]);
  });
});

describe('what must stay readable', () => {
  it.each([
    ['plain members', { campaign_id: 'c1', count: 3, ok: true, none: null, list: [1, 'a'] }],
    [
      'a path with package versions',
      { path: '/node_modules/.pnpm/pino@10.4.0/node_modules/@scope/pkg@1.2.3/x.js:1:2' },
    ],
    ['a time with its zone', { at: '2026-01-31T09:00:00+02:00' }],
    ['a URL without credentials', { url: 'https://example.com/a?b=c#d' }],
    ['templates', { text: 'Hi {{recipient.first_name}}, [x] {y}' }],
  ])('keeps %s', (_name, record) => {
    expect(records(logged({}, (log) => log.info(record, 'kept')))).toMatchObject([{ ...record, msg: 'kept' }]);
  });

  it('has the level in upper case, the time in ISO 8601, the app and the process', () => {
    const [record] = records(logged({}, (log) => log.warn('hello')));
    expect(record).toEqual({
      level: 'WARN',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      app: 'tester',
      pid: process.pid,
      msg: 'hello',
    });
  });

  it('keeps level and time where a masked value equals them', () => {
    const [record] = records(logged({}, (log) => log.info({ email: 'INFO' }, 'INFO')));
    expect(record).toMatchObject({ level: 'INFO', msg: '[REDACTED]' });
  });

  it('shows the type, text, members and causes of an error', () => {
    const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 'E_OUTER' });
    const [record] = records(logged({}, (log) => log.error({ err: error }, 'failed')));
    expect(record.err).toMatchObject({
      type: 'TypeError',
      message: 'outer',
      code: 'E_OUTER',
      stack: expect.stringContaining('logger.test'),
      cause: { message: 'inner' },
    });
  });

  it('notes cycles instead of failing on them', () => {
    const [record] = records(logged({}, (log) => log.info({ circle: cyclic() })));
    expect(record.circle).toEqual({ email: '[REDACTED]', self: '[cycle]' });
  });

  it.each([
    [{ LOG_LEVEL: 'WARNING' }, ['WARN', 'ERROR']],
    [{ LOG_LEVEL: 'TRACE' }, ['DEBUG', 'INFO', 'WARN', 'ERROR']],
    [{}, ['INFO', 'WARN', 'ERROR']],
  ])('logs by %j what is important enough', (env, levels) => {
    const output = logged(env, (log) => {
      log.debug('a');
      log.info('b');
      log.warn('c');
      log.error('d');
    });
    expect(records(output).map(({ level }) => level)).toEqual(levels);
  });

  it('writes lines for people where LOG_FORMAT is pretty', () => {
    expect(logged({ LOG_FORMAT: 'pretty' }, (log) => log.info({ campaign_id: 'c1' }, 'Launched'))).toMatch(
      /INFO.*Launched[\s\S]*campaign_id.*c1/,
    );
  });
});

describe('INCLUDE_TRACE_ID', () => {
  it('puts the id into every line of one trace, across awaits, and into no other', async () => {
    const first = newTraceId();
    let output = '';
    const stream = { write: (line: string) => (output += line) };
    const log = createLogger(loadConfig({ INCLUDE_TRACE_ID: 'true' }), { app: 'tester', stream });
    await Promise.all([
      withTraceId(first, async () => {
        await Promise.resolve();
        log.info('in the first');
      }),
      withTraceId(newTraceId(), async () => log.info('in the second')),
    ]);
    log.info('outside');
    const ids = new Map(records(output).map(({ msg, trace_id }) => [msg, trace_id]));
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(ids.get('in the first')).toBe(first);
    expect(ids.get('in the second')).toMatch(/^[0-9a-f]{32}$/);
    expect(ids.get('in the second')).not.toBe(first);
    expect(ids.get('outside')).toBeUndefined();
  });

  it('is off by default', () => {
    const output = logged({}, (log) => withTraceId(newTraceId(), () => log.info('hello')));
    expect(records(output)[0]).not.toHaveProperty('trace_id');
  });
});
