/** Counts what each remote address does, so that none takes the listener for itself. */
export interface Guests {
  /** False where the address has as many connections as it may. */
  enter(address: string): boolean;
  leave(address: string): void;
  /** False where the address has handed in as many mails in this minute as it may. */
  handIn(address: string, now: number): boolean;
}

const MINUTE_MS = 60_000;

/** Everything that is kept is bounded: by the connections that are open, and by a minute. */
export function createGuests(maxConnections: number, maxMailsPerMinute: number): Guests {
  const open = new Map<string, number>();
  let minute = 0;
  let mails = new Map<string, number>();
  return {
    enter(address) {
      const connections = (open.get(address) ?? 0) + 1;
      open.set(address, connections);
      return connections <= maxConnections;
    },
    leave(address) {
      const connections = (open.get(address) ?? 1) - 1;
      if (connections > 0) open.set(address, connections);
      else open.delete(address);
    },
    handIn(address, now) {
      const present = Math.floor(now / MINUTE_MS);
      if (present !== minute) {
        minute = present;
        mails = new Map();
      }
      const count = (mails.get(address) ?? 0) + 1;
      mails.set(address, count);
      return count <= maxMailsPerMinute;
    },
  };
}
