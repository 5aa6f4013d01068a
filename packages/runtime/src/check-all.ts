import { type Check, type Checks, checkOf } from './health.js';

/** Asks whether something is well: resolves to null, or to the reason why not; a rejection is a reason as well. */
export type Probe = () => string | null | Promise<string | null>;

/** Whoever asks for readiness waits a few seconds at most; so does this. */
const ANSWER_WITHIN_MS = 1500;

/** Runs every probe at once, for the readiness of an app. One that does not answer in time is not well. */
export async function checkAll(probes: Readonly<Record<string, Probe>>): Promise<Checks> {
  const entries = Object.entries(probes).map(async ([name, probe]): Promise<[string, Check]> => {
    const reason = await inTime(Promise.resolve().then(probe)).catch(String);
    return [name, checkOf(reason)];
  });
  return Object.fromEntries(await Promise.all(entries));
}

function inTime(answer: Promise<string | null>): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(resolve, ANSWER_WITHIN_MS, `There was no answer within ${ANSWER_WITHIN_MS} ms.`);
    answer.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
