import { isPlainAddress } from './email-address.js';

describe('isPlainAddress', () => {
  it.each([
    'ada@example.org',
    'ada.lovelace+trial@mail.example.co.uk',
    "o'neil_%x@example.org",
    'root@localhost',
    `${'a'.repeat(64)}@example.org`,
  ])('accepts %s', (text) => {
    expect(isPlainAddress(text)).toBe(true);
  });

  it.each([
    '',
    'ada',
    '@example.org',
    'ada@',
    'ada@example.org,eve@example.net',
    'ada@example.org;eve@example.net',
    'ada@example.org eve@example.net',
    'Ada <ada@example.org>',
    '<ada@example.org>',
    'ada@example.org\r\nRCPT TO:<eve@example.net>',
    'ada@example.org\n',
    ' ada@example.org',
    'ada@eve@example.org',
    '"ada, eve"@example.org',
    'friends: ada@example.org;',
    'ada..l@example.org',
    '.ada@example.org',
    'ada@-example.org',
    'ada@example..org',
    'ada@[127.0.0.1]',
    'adä@example.org',
    'ada@exämple.org',
    'ada@example.org\u0000',
    `${'a'.repeat(65)}@example.org`,
    `ada@${'a'.repeat(64)}.org`,
    `ada@${'abc.'.repeat(70)}org`,
  ])('refuses %j', (text) => {
    expect(isPlainAddress(text)).toBe(false);
  });
});
