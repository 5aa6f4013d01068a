/**
 * For the fault suite alone: stops the process that preloads it (SIGSTOP to itself), once, at a point of the delivery
 * of a message whose key matches STOP_KEY. STOP_POINT is one of
 * - `claimed`: the claim is written, its answer has come;
 * - `before-gate`: the gate is about to be read;
 * - `after-gate`: the gate has been read;
 * - `accepted`: the server has accepted the mail, the outcome is about to be recorded.
 * It watches the driver that the product itself uses, from outside.
 */
const { writeSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');

const { Collection } = createRequire(join(__dirname, '../../core/package.json'))('mongoose').mongo;
const { STOP_POINT: point, STOP_KEY } = process.env;
const wanted = new RegExp(STOP_KEY);
const STDERR = 2;

let claimed;
let stopped = false;

function stop(key) {
  if (stopped) return;
  stopped = true;
  writeSync(STDERR, `STOPPED at ${point} of ${key}\n`);
  process.kill(process.pid, 'SIGSTOP');
  writeSync(STDERR, `GOES ON at ${point} of ${key}\n`);
}

/** The key of a wanted message that this bulk claims. */
function claimIn(operations) {
  for (const { insertOne, updateOne } of operations) {
    const key = insertOne?.document?._id ?? updateOne?.filter?._id;
    const status = insertOne?.document?.status ?? updateOne?.update?.$set?.status;
    if (status === 'sending' && wanted.test(key)) return key;
  }
  return undefined;
}

/** The key of a wanted message whose acceptance this bulk records. */
function acceptanceIn(operations) {
  return operations.find(
    ({ updateOne }) => updateOne?.update?.$set?.status === 'sent' && wanted.test(updateOne.filter?._id),
  )?.updateOne.filter._id;
}

const { bulkWrite, find } = Collection.prototype;

Collection.prototype.bulkWrite = async function (operations, ...rest) {
  if (this.collectionName !== 'messages' || stopped) return bulkWrite.call(this, operations, ...rest);
  const accepted = point === 'accepted' ? acceptanceIn(operations) : undefined;
  if (accepted !== undefined) stop(accepted);
  const result = await bulkWrite.call(this, operations, ...rest);
  claimed ??= claimIn(operations);
  if (point === 'claimed' && claimed !== undefined) stop(claimed);
  return result;
};

/** After its claim, the next look at a message's conversation is the gate's. */
Collection.prototype.find = function (filter, ...rest) {
  const cursor = find.call(this, filter, ...rest);
  if (this.collectionName !== 'conversation_states' || claimed === undefined || stopped) return cursor;
  const key = claimed;
  if (!filter?._id?.$in?.some?.((id) => key.startsWith(`${id}/`))) return cursor;
  if (point === 'before-gate') stop(key);
  if (point === 'after-gate') {
    const { toArray } = cursor;
    cursor.toArray = async function () {
      const found = await toArray.call(this);
      stop(key);
      return found;
    };
  }
  return cursor;
};
