import { type Checked, type Fault, MAX_FAULTS, type Validated } from '@campaign-manager/core/schemas';

/** Checks every document of a list: all of them, or every fault with the place in the list (`$[3].email`). */
export function checkList<T>(documents: readonly unknown[], check: (document: unknown) => Checked<T>): Validated<T[]> {
  const values: T[] = [];
  const faults: Fault[] = [];
  for (const [index, document] of documents.entries()) {
    const checked = check(document);
    if (checked.ok) values.push(checked.value);
    else faults.push(...checked.faults.map((fault) => ({ ...fault, path: `$[${index}]${fault.path.slice(1)}` })));
  }
  return faults.length > 0 ? { ok: false, faults: firstFaults(faults) } : { ok: true, value: values };
}

/** The first hundred, and one more that counts the rest: nobody reads more. */
export function firstFaults(faults: readonly Fault[]): readonly Fault[] {
  const more = faults.length - MAX_FAULTS;
  if (more <= 0) return faults;
  const message = more === 1 ? 'There is 1 more fault.' : `There are ${more} more faults.`;
  return [...faults.slice(0, MAX_FAULTS), { path: '$', message }];
}

/** Faults for ids that a list names again: which of two entries should hold is not for us to guess. */
export function repeatedIds(ids: readonly string[], field: string): readonly Fault[] {
  const first = new Map<string, number>();
  const faults: Fault[] = [];
  for (const [index, id] of ids.entries()) {
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    else {
      const message = `\`${id}\` stands at $[${before}] already.`;
      faults.push({ path: `$[${index}].${field}`, message, found: id, expected: 'each id once' });
    }
  }
  return firstFaults(faults);
}
