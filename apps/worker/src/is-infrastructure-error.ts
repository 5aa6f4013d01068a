/** What the drivers call it when a server cannot be reached, or not in time. */
const NAMES = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoPoolClosedError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoOperationTimeoutError',
  'MongoExpiredSessionError',
  'MongoWaitQueueTimeoutError',
  'MongoWriteConcernError',
  'MongooseServerSelectionError',
  'MaxRetriesPerRequestError',
  'ChannelMissingError',
]);

/** MongoDB's own words for: not here, not now (its `error_codes.yml`: network, time-out, shutdown, not primary). */
const MONGODB_CODES = new Set([
  6, 7, 24, 43, 50, 64, 89, 91, 100, 112, 133, 134, 189, 237, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436,
]);

const NODE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

const LABELS = ['RetryableWriteError', 'RetryableError', 'TransientTransactionError', 'NetworkError'];

/** Of Redis, and of Mongoose's queue of commands: they have no name or code of their own. */
const MESSAGES =
  /^(Connection is closed|Stream isn't writeable|Command timed out|LOADING |READONLY |MASTERDOWN |CLUSTERDOWN |TRYAGAIN |OOM |MISCONF )|buffering timed out/;

interface Failure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  hasErrorLabel?(label: string): boolean;
}

/**
 * Whether it was MongoDB, Redis or the network that failed, rather than what was to be done with them. By names and
 * codes, since several copies of a driver may be installed. Pure.
 */
export function isInfrastructureError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, code, message, cause } = error as Failure;
  if (typeof name === 'string' && NAMES.has(name)) return true;
  if (typeof code === 'number' && MONGODB_CODES.has(code)) return true;
  if (typeof code === 'string' && NODE_CODES.has(code)) return true;
  if (typeof message === 'string' && MESSAGES.test(message)) return true;
  if (LABELS.some((label) => (error as Failure).hasErrorLabel?.(label) === true)) return true;
  return cause !== error && isInfrastructureError(cause);
}
