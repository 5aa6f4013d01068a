export { type FailedSource, NoLocalServiceError } from './first-working.js';
export { freePort } from './free-port.js';
export type { LocalService, ServiceOptions } from './local-service.js';
export { readJournal } from './mailbox/journal.js';
export { type Mailbox, type MailboxOptions, type MailFate, startMailbox } from './mailbox/mailbox.js';
export type { ReceivedMail } from './mailbox/received-mail.js';
export { type MongoOptions, startMongo } from './mongo.js';
export {
  type ProcessExit,
  ProcessLineError,
  type ProcessOptions,
  ProcessStartError,
  type RunningProcess,
  startProcess,
} from './process.js';
export { startRedis } from './redis.js';
