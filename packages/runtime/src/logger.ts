import { type DestinationStream, destination, type Logger as PinoLogger, pino, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Config } from './config/config.js';
import { secretTexts } from './config/secrets.js';
import { toPlain } from './plain.js';
import { createRedactor } from './redact.js';
import { currentTraceId } from './tracing/trace.js';

/** What the apps log with; pino's own interface. */
export type Logger = PinoLogger;

export interface LoggerOptions {
  /** The name in every line, such as `worker`. */
  readonly app: string;
  /** Where lines go to. Default: standard output, synchronously, so that a dying process loses none. */
  readonly stream?: DestinationStream;
}

/**
 * A logger as LOG_LEVEL, LOG_FORMAT, INCLUDE_TRACE_ID and SENSITIVE_FIELDS say. Lines have `level` in upper case,
 * `time` in ISO 8601, `pid`, `app` and `msg`; errors belong under `err`.
 */
export function createLogger(
  config: Config,
  { app, stream = destination({ fd: 1, sync: true }) }: LoggerOptions,
): Logger {
  const redactLine = createRedactor({ fields: config.sensitiveFields, secrets: secretTexts(config) });
  return pino(
    {
      level: config.logLevel.toLowerCase(),
      base: { app, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label.toUpperCase() }),
        bindings: (bindings) => toPlain(bindings) as typeof bindings,
        log: (record) => withTraceId(toPlain(record) as typeof record, config.includeTraceId),
      },
      serializers: { err: (plainError) => plainError },
      hooks: { streamWrite: redactLine },
    },
    config.logFormat === 'pretty' ? prettyStream(stream) : stream,
  );
}

function withTraceId<Record extends object>(record: Record, include: boolean): Record {
  const trace_id = include ? currentTraceId() : undefined;
  return trace_id === undefined ? record : { ...record, trace_id };
}

function prettyStream(stream: DestinationStream): DestinationStream {
  const prettify = prettyFactory({});
  return { write: (line) => stream.write(prettify(line)) };
}
