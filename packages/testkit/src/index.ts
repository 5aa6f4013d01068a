export type { ProcessExit, ProcessOptions, RunningProcess } from '@campaign-manager/local-stack';
export { type FakeClock, fakeClock } from './fake-clock.js';
export { clockJumping, clockShifted, STOP_POINTS, type StopPoint, stoppingAt } from './preload.js';
export { startProcess } from './process.js';
export {
  dropDatabase,
  dropKeys,
  NoTestServiceError,
  testDatabaseName,
  testMongoUri,
  testRedisPrefix,
  testRedisUrl,
} from './services.js';
export { type Api, type AppName, createTestSystem, type TestSystem, type TestSystemOptions } from './system.js';
export { type Mishap, mongoCommand, NothingLostError, startTcpProxy, type TcpProxy } from './tcp-proxy.js';
export { type UntilOptions, UntilTimeoutError, until } from './until.js';
