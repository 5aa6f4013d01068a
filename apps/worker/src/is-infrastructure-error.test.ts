import { isInfrastructureError } from './is-infrastructure-error.js';

const named = (name: string, more: object = {}) => Object.assign(new Error('x'), { name, ...more });

it.each([
  ['a lost connection to MongoDB', named('MongoNetworkError')],
  ['no primary to be found', named('MongoServerSelectionError')],
  ['a step-down', named('MongoServerError', { code: 189 })],
  ['what MongoDB says can be tried again', named('MongoServerError', { hasErrorLabel: () => true })],
  ['a bulk write that failed for such a reason', named('MongoBulkWriteError', { cause: named('MongoNetworkError') })],
  ['Redis that is away', named('MaxRetriesPerRequestError')],
  ['a closed connection to Redis', new Error('Connection is closed.')],
  ['Redis that still loads', new Error('LOADING Redis is loading the dataset in memory')],
  ['a refused connection', named('Error', { code: 'ECONNREFUSED' })],
  ['a channel that this worker lacks', named('ChannelMissingError')],
])('%s is the fault of what carries us', (_, error) => {
  expect(isInfrastructureError(error)).toBe(true);
});

it.each([
  ['a fault of a decision', new TypeError("Cannot read properties of null (reading 'messages')")],
  ['a document that is too large', named('MongoServerError', { code: 10334 })],
  ['a key that exists', named('MongoBulkWriteError', { code: 11000 })],
  [
    'an error that is its own cause',
    Object.assign(new Error('x'), {
      get cause() {
        return this;
      },
    }),
  ],
  ['a text', 'ECONNREFUSED'],
  ['nothing', undefined],
])('%s is not', (_, error) => {
  expect(isInfrastructureError(error)).toBe(false);
});
