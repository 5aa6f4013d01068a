/** One conversation that went another way than predicted, or one message that is not where it should be. */
export interface Difference {
  readonly where: string;
  readonly predicted: readonly string[];
  readonly actual: readonly string[];
}

export type Stories = ReadonlyMap<string, readonly string[]>;

/** Conversations whose events came in another order than predicted, or at all. Pure. */
export function compareStories(predicted: Stories, actual: Stories): readonly Difference[] {
  const ids = [...new Set([...predicted.keys(), ...actual.keys()])].sort();
  return ids.flatMap((where) => {
    const expected = predicted.get(where) ?? [];
    const found = actual.get(where) ?? [];
    return expected.join('\n') === found.join('\n') ? [] : [{ where, predicted: expected, actual: found }];
  });
}

/** Every key that the ledger says was sent must be in the mailbox exactly once, and nothing else. Pure. */
export function compareMailbox(sent: readonly string[], received: readonly string[]): readonly Difference[] {
  const counts = new Map<string, { sent: number; received: number }>();
  const at = (key: string) => {
    const count = counts.get(key) ?? { sent: 0, received: 0 };
    counts.set(key, count);
    return count;
  };
  for (const key of sent) at(key).sent += 1;
  for (const key of received) at(key).received += 1;
  return [...counts]
    .filter(([, count]) => count.sent !== 1 || count.received !== 1)
    .map(([where, count]) => ({
      where,
      predicted: [`in the ledger as sent: ${times(count.sent)}`],
      actual: [`in the mailbox: ${times(count.received)}`],
    }));
}

function times(count: number): string {
  return count === 0 ? 'not at all' : count === 1 ? 'once' : `${count} times`;
}
