import type { ConversationChange } from './conversation-change.js';
import { groupBy } from './group-by.js';

/** Writes of a bulk, in the words of MongoDB's driver. */
export type ConversationWrite =
  | { readonly updateOne: { readonly filter: Filter; readonly update: Update } }
  | { readonly updateMany: { readonly filter: Filter; readonly update: readonly Update[] } };

interface Filter {
  readonly _id: unknown;
  readonly version: number;
}

type Update = Readonly<Record<string, unknown>>;

/**
 * Fields that only the engine fills: plain numbers, texts, lists and objects. Whatever else changes carries what people
 * sent, and such a change is written by itself.
 */
const ENGINES_OWN: ReadonlySet<string> = new Set([
  'status',
  'result',
  'reason',
  'current_stage',
  'stage_visit',
  'stage_entered_at',
  'visit',
  'visits',
  'escalation',
  'held',
  'outbox',
  'next_action_at',
  'tries',
]);

/** Stands for the conversation's id; JSON writes this character in another way wherever it occurs in a text. */
const ID = '\u0000';

/**
 * Puts changes into as few writes as possible: those that differ in nothing but the conversation's own id become one
 * write of many, which derives the keys of messages from `_id`. Most of a batch is alike: the same stage, the same
 * message, the same instants (design, section 3). Each write compares versions; each document says by `fence` whose
 * write it got. Pure.
 */
export function toWrites(changes: readonly ConversationChange[], fence: string): ConversationWrite[] {
  return groupBy(changes, likenessOf).map((group) => toWrite(group, fence));
}

/** A name of a field, in JSON, that has a meaning of its own in an expression of MongoDB's, or holds the id. */
const UNSPEAKABLE_NAME = new RegExp(`"[^"]*[$.${ID}][^"]*":`);

/** The same text for changes that can be written together; one that must be written by itself has its own. */
function likenessOf(change: ConversationChange): string {
  const { id, seenVersion, set, unset, events, keep } = change;
  if (keep !== null || !Object.keys(set).every((field) => ENGINES_OWN.has(field))) return id;
  const likeness = JSON.stringify([seenVersion, set, unset, events]).replaceAll(id, ID);
  return UNSPEAKABLE_NAME.test(likeness) ? id : likeness;
}

function toWrite(group: readonly ConversationChange[], fence: string): ConversationWrite {
  const [first] = group as [ConversationChange];
  const ids = group.map(({ id }) => id);
  const filter = { _id: ids.length === 1 ? first.id : { $in: ids }, version: first.seenVersion };
  if (ids.length === 1) return { updateOne: { filter, update: single(first, fence) } };
  return { updateMany: { filter, update: shared(first, fence) } };
}

function single({ seenVersion, set, unset, events, keep }: ConversationChange, fence: string): Update {
  const slice = keep === null ? {} : { $slice: -(keep + events.length) };
  return {
    $set: { ...set, version: seenVersion + 1, fence },
    ...(unset.length > 0 && { $unset: Object.fromEntries(unset.map((field) => [field, ''])) }),
    ...((events.length > 0 || keep !== null) && { $push: { recent_events: { $each: events, ...slice } } }),
  };
}

function shared({ id, seenVersion, set, unset, events }: ConversationChange, fence: string): Update[] {
  const fields = Object.entries(set).map(([field, value]) => [field, expression(value, id)]);
  const history = events.length > 0 && {
    recent_events: { $concatArrays: ['$recent_events', expression(events, id)] },
  };
  return [
    { $set: { ...Object.fromEntries(fields), version: seenVersion + 1, fence: { $literal: fence }, ...history } },
    ...(unset.length > 0 ? [{ $unset: unset }] : []),
  ];
}

/** A value as MongoDB computes it for any conversation: `id` becomes the document's own, everything else is literal. */
function expression(value: unknown, id: string): unknown {
  if (!JSON.stringify(value)?.includes(id)) return { $literal: value };
  if (typeof value === 'string') return { $concat: parts(value, id) };
  if (Array.isArray(value)) return value.map((item) => expression(item, id));
  const fields = Object.entries(value as object).map(([name, inner]) => [name, expression(inner, id)]);
  // Merged with nothing, since `$set` would merge a bare object into the stored one.
  return { $mergeObjects: [Object.fromEntries(fields)] };
}

function parts(text: string, id: string): unknown[] {
  return text
    .split(id)
    .flatMap((part, i) => [...(i > 0 ? ['$_id'] : []), ...(part === '' ? [] : [{ $literal: part }])]);
}
