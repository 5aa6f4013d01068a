import { type Check, type Checks, checkOf } from './health.js';

/** Asks whether something is well: resolves to null, or to the reason why not; a rejection is a reason as well. */
export type Probe = () => string | null | Promise<string | null>;

/** Runs every probe at once, for the readiness of an app. */
export async function checkAll(probes: Readonly<Record<string, Probe>>): Promise<Checks> {
  const entries = Object.entries(probes).map(async ([name, probe]): Promise<[string, Check]> => {
    const reason = await Promise.resolve().then(probe).catch(String);
    return [name, checkOf(reason)];
  });
  return Object.fromEntries(await Promise.all(entries));
}
