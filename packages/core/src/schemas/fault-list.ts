import { createFault, type Fault } from './fault.js';

/** A hostile document can have a fault in each of its values; nobody reads more than this. */
export const MAX_FAULTS = 100;

/** Keeps the first hundred faults and counts the rest, which are never built: suggestions cost time. */
export interface FaultList {
  add(build: () => Fault): void;
  /** The faults kept, and one line more that says how many were left out. */
  all(): readonly Fault[];
}

/** Where rules put what they find: faults refuse the document, warnings do not. */
export interface Findings {
  readonly faults: FaultList;
  readonly warnings: FaultList;
}

export function createFaultList(): FaultList {
  const kept: Fault[] = [];
  let more = 0;
  return {
    add(build) {
      if (kept.length < MAX_FAULTS) kept.push(build());
      else more += 1;
    },
    all() {
      if (more === 0) return kept;
      return [...kept, createFault([], more === 1 ? 'There is 1 more fault.' : `There are ${more} more faults.`)];
    },
  };
}
