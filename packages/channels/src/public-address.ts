import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

/** Public by its number, yet it answers only within a cloud: the platform service of Azure's machines. */
const PLATFORM_SERVICES = new Set(['168.63.129.16']);
/** All that is allotted as global unicast (RFC 4291, section 2.4, and IANA's registry). */
const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3');

/** Thrown when a webhook's host is, or resolves to, an address that is not on the public internet. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  readonly address: string;

  constructor(address: string) {
    super(`${address} is not a public address`);
    this.address = address;
  }
}

/** False for loopback, private, link-local (cloud metadata), shared, mapped, reserved and multicast addresses. */
export function isPublicAddress(text: string): boolean {
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast' || PLATFORM_SERVICES.has(address.toString())) return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST_V6);
}

/** A lookup that fails if any address of the host is not public. */
export function publicLookup(resolve: typeof dns.lookup = dns.lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const refused = addresses.find(({ address }) => !isPublicAddress(address));
      if (refused) return callback(new PrivateAddressError(refused.address), []);
      const [first] = addresses;
      if (options.all || !first) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

/**
 * Connects to public addresses only. The very addresses that were checked are the ones connected to, at every new
 * connection, so a name that later resolves to something else (DNS rebinding) gets nowhere.
 */
export function publicConnector(timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, lookup: publicLookup() });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // Literal addresses are connected to without a lookup.
    if (isIP(host) !== 0 && !isPublicAddress(host)) {
      queueMicrotask(() => callback(new PrivateAddressError(host), null));
    } else {
      connect(options, callback);
    }
  };
}
