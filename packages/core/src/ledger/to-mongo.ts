import { type Guard, KEPT_ATTEMPTS, type Rewrite, type Update } from './change.js';
import { DOUBTFUL } from './doubt.js';

/** A compare-and-set in the words of MongoDB. The caller adds which rows are meant. */
export interface MongoUpdate {
  readonly filter: { readonly [field: string]: unknown };
  readonly update: { readonly [operator: string]: unknown };
}

/** Puts a change into the words of MongoDB. Pure. */
export function toMongo({ when, write }: Update): MongoUpdate {
  return { filter: toFilter(when), update: toUpdate(write) };
}

function toFilter({ status, fence, attempt, dueBy, resending, inDoubt }: Guard): MongoUpdate['filter'] {
  return {
    status: status.length === 1 ? status[0] : { $in: status },
    ...(fence !== undefined && { fence }),
    ...(attempt !== undefined && { attempt }),
    ...(dueBy !== undefined && { due_at: { $lte: dueBy } }),
    ...(resending !== undefined && { resend: { $exists: resending } }),
    ...(inDoubt !== undefined && { attempts: inDoubt ? { $elemMatch: DOUBTFUL } : { $not: { $elemMatch: DOUBTFUL } } }),
  };
}

function toUpdate({ set, unset = [], inc, push }: Rewrite): MongoUpdate['update'] {
  return {
    ...(Object.keys(set).length > 0 && { $set: set }),
    ...(unset.length > 0 && { $unset: Object.fromEntries(unset.map((field) => [field, ''])) }),
    ...(inc && { $inc: inc }),
    ...(push && { $push: { attempts: { $each: [push], $slice: -KEPT_ATTEMPTS } } }),
  };
}
