import type { Fault } from '@campaign-manager/core/schemas';
import { ConflictError, NotFoundError } from '@campaign-manager/core/store';
import { ApiError } from './api-error.js';
import { PROBLEMS, type ProblemCode } from './catalogue.js';

/** A problem document (RFC 9457); `code` repeats the end of `type` for those who switch over it. */
interface Problem {
  readonly type: string;
  readonly code: ProblemCode;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly faults?: readonly Fault[];
  readonly [member: string]: unknown;
}

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
}

const RETRY_AFTER_SECONDS = '5';

/** Errors of Fastify that are the client's fault, by their codes; others of status 4xx are `invalid_request`. */
const FASTIFY_CODES: ReadonlyMap<string, ProblemCode> = new Map([
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'unsupported_media_type'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'too_large'],
]);

/** What MongoDB's driver and Mongoose throw while MongoDB is away or changes its primary. */
const MONGODB_AWAY: ReadonlySet<string> = new Set([
  'MongooseServerSelectionError',
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
]);

/** https://www.mongodb.com/docs/manual/reference/error-codes/: BSONObjectTooLarge. */
const OBJECT_TOO_LARGE = 10334;

/**
 * The answer to a request that failed. Errors that we did not expect tell nothing of our insides. `locate` adds to faults
 * where they stand in the request's body.
 */
export function toProblem(
  error: unknown,
  instance: string,
  locate: (faults: readonly Fault[]) => readonly Fault[] = (faults) => faults,
): ProblemAnswer {
  const { code, message, details } = asApiError(error);
  const { status, title } = PROBLEMS[code];
  return {
    problem: {
      type: `urn:campaign-manager:problem:${code}`,
      code,
      title,
      status,
      detail: message,
      instance,
      ...(details.faults && { faults: locate(details.faults) }),
      ...details.members,
    },
    headers: details.headers ?? {},
  };
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof NotFoundError) return new ApiError('not_found', error.message);
  if (error instanceof ConflictError) return new ApiError('conflict', error.message);
  if (isMongoAway(error)) {
    return new ApiError('unavailable', 'MongoDB does not answer at the moment; try again.', {
      headers: { 'retry-after': RETRY_AFTER_SECONDS },
    });
  }
  const { code, statusCode, message } = (error ?? {}) as Readonly<Record<'code' | 'statusCode' | 'message', unknown>>;
  if (isTooLarge(code, message)) return new ApiError('too_large', 'MongoDB keeps documents of at most 16 MB.');
  if (typeof code === 'string' && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new ApiError(FASTIFY_CODES.get(code) ?? 'invalid_request', `${String(message)}.`.replace(/\.\.$/, '.'));
  }
  return new ApiError('internal', 'The request could not be served; the log tells more under the trace id.');
}

/** Beyond 17 MB the driver's own buffer overflows before MongoDB is asked. */
function isTooLarge(code: unknown, message: unknown): boolean {
  return code === OBJECT_TOO_LARGE || (code === 'ERR_OUT_OF_RANGE' && /"offset" is out of range/.test(String(message)));
}

function isMongoAway(error: unknown): boolean {
  const { name, message } = (error ?? {}) as Readonly<Record<'name' | 'message', unknown>>;
  if (typeof name !== 'string') return false;
  return MONGODB_AWAY.has(name) || (name === 'MongooseError' && / buffering timed out /.test(String(message)));
}
