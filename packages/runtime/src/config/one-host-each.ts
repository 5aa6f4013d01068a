/** `redis://user@a:1,b:2/0` as a URL for each of its hosts. Pure. */
export function oneHostEach(url: string): string[] {
  const [, before = '', hosts = '', after = ''] = /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/i.exec(url) ?? [];
  return hosts.split(',').map((host) => `${before}${host}${after}`);
}
