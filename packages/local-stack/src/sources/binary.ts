import type { Source } from '../first-working.js';
import type { LocalService } from '../local-service.js';

export type BinaryLookup =
  | { readonly status: 'found'; readonly program: string; readonly description: string }
  | { readonly status: 'missing'; readonly reason: string };

/** Starts a server program. */
export type Start = (program: string) => Promise<Omit<LocalService, 'source'>>;

/** A source that first finds a server program and then starts it. */
export function binarySource(service: string, name: string, find: () => Promise<BinaryLookup>, start: Start): Source {
  return {
    name,
    start: async () => {
      const lookup = await find();
      if (lookup.status === 'missing') return { status: 'unavailable', reason: lookup.reason };
      const started = await start(lookup.program);
      const source = `${service}: ${lookup.description}, process ${started.pid}.`;
      return { status: 'started', service: { ...started, source } };
    },
  };
}
