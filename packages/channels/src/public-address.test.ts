import type dns from 'node:dns';
import { isPublicAddress, PrivateAddressError, publicLookup } from './public-address.js';

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111', '::ffff:8.8.8.8'])('accepts %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.8.8.8', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'mapped loopback'],
    ['::ffff:a00:1', 'mapped private'],
    ['::127.0.0.1', 'compatible loopback'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'metadata of most clouds'],
    ['fd00:ec2::254', 'metadata over IPv6'],
    ['100.100.100.200', 'metadata in the shared range'],
    ['192.0.0.192', 'metadata in the protocol range'],
    ['168.63.129.16', 'platform service'],
    ['fe80::1', 'link-local'],
    ['fec0::1', 'site-local'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['64:ff9b::7f00:1', 'translated loopback'],
    ['2002:7f00:1::', 'loopback in 6to4'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
  ])('refuses %s (%s)', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('publicLookup', () => {
  type Answer = readonly { readonly address: string; readonly family: number }[];

  /** A resolver that gives one answer after the other. */
  function resolving(...answers: Answer[]): typeof dns.lookup {
    const resolve = (_host: string, _options: object, callback: (error: null, addresses: Answer) => void) =>
      callback(null, answers.shift() ?? []);
    return resolve as unknown as typeof dns.lookup;
  }

  function ask(lookup: ReturnType<typeof publicLookup>, all = true): Promise<unknown> {
    return new Promise((resolve, reject) => {
      lookup('hook.example.com', { all }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
    });
  }

  const good = { address: '93.184.216.34', family: 4 };

  it('hands on addresses that are public, in the form asked for', async () => {
    const lookup = publicLookup(resolving([good], [good]));
    expect(await ask(lookup)).toEqual([good]);
    expect(await ask(lookup, false)).toBe(good.address);
  });

  it('refuses a host with one private address among public ones', async () => {
    const lookup = publicLookup(resolving([good, { address: '10.0.0.7', family: 4 }]));
    await expect(ask(lookup)).rejects.toBeInstanceOf(PrivateAddressError);
  });

  it('checks anew at every connection, so a name that changes its mind gets nowhere', async () => {
    const lookup = publicLookup(resolving([good], [{ address: '169.254.169.254', family: 4 }]));
    expect(await ask(lookup)).toEqual([good]);
    await expect(ask(lookup)).rejects.toThrow('169.254.169.254 is not a public address');
  });
});
