import type { LocalService } from '../local-service.js';

/** A server that runs already; its owner ends it, not we. */
export function givenUri(service: string, variable: string, uri: string): LocalService {
  return {
    uri,
    source: `${service}: the one that ${variable} names, ${withoutPassword(uri)}.`,
    stop: async () => undefined,
  };
}

/** URIs of MongoDB may list several hosts, which `URL` does not read. */
function withoutPassword(uri: string): string {
  return uri.replace(/^([a-z+]+:\/\/)[^/]*@/i, '$1***@');
}
