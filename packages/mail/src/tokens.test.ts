import fc from 'fast-check';
import { createTokens, type TokenPurpose } from './tokens.js';

const tokens = createTokens('a secret of the installation, long enough');
const KEY = 'welcome/user_1/first/1/0/0';

describe('a token', () => {
  it('gives back what was signed, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (payload) => {
        expect(tokens.verify('unsubscribe', tokens.sign('unsubscribe', payload))).toBe(payload);
      }),
    );
  });

  it('is the same for the same payload, and fit for a URL and a Message-ID', () => {
    expect(tokens.sign('unsubscribe', KEY)).toBe(tokens.sign('unsubscribe', KEY));
    expect(tokens.sign('unsubscribe', KEY)).toMatch(/^[\w-]+\.[\w-]{22}$/);
  });

  it('is worth nothing for another purpose', () => {
    expect(tokens.verify('message', tokens.sign('unsubscribe', KEY))).toBeNull();
  });

  it('is worth nothing under another secret', () => {
    expect(
      createTokens('another secret of another place, as long').verify('message', tokens.sign('message', KEY)),
    ).toBe(null);
  });

  it('is worth nothing once any character of it is changed, added or taken away', () => {
    const token = tokens.sign('message', KEY);
    const others = [...token].flatMap((_, at) => [
      `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`,
      `${token.slice(0, at)}${token.slice(at + 1)}`,
      `${token.slice(0, at)}=${token.slice(at)}`,
    ]);
    expect(others.filter((other) => tokens.verify('message', other) !== null)).toEqual([]);
  });

  it('is refused in silence, however strange it looks', () => {
    const purposes: TokenPurpose[] = ['message', 'unsubscribe'];
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.constantFrom(...purposes), (token, purpose) => {
        expect(tokens.verify(purpose, token)).toBeNull();
      }),
    );
    expect(tokens.verify('message', 'A'.repeat(1_000_000))).toBeNull();
  });
});
