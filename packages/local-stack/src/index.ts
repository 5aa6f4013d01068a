export { type FailedSource, NoLocalServiceError } from './first-working.js';
export { freePort } from './free-port.js';
export { type Launched, launch, type Place, type Recipe } from './launch.js';
export type { LocalService, ServiceOptions } from './local-service.js';
export type { MailFate, MailMishap, Sender, Visit, VisitFate } from './mailbox/fates.js';
export { readJournal, readMishaps } from './mailbox/journal.js';
export { type Mailbox, type MailboxOptions, startMailbox } from './mailbox/mailbox.js';
export { type MixedFates, mixedFates, type Shares } from './mailbox/mixed-fates.js';
export type { ReceivedMail } from './mailbox/received-mail.js';
export { type MongoOptions, startMongo } from './mongo.js';
export { type MortalService, startMortalMongo, startMortalRedis } from './mortal.js';
export {
  type ProcessExit,
  ProcessLineError,
  type ProcessOptions,
  ProcessStartError,
  type RunningProcess,
  startProcess,
} from './process.js';
export { startRedis } from './redis.js';
export { type RedisCluster, startRedisCluster } from './redis-cluster.js';
export { type ReplicaSet, startReplicaSet } from './replica-set-of-three.js';
