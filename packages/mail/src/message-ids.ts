import type { Tokens } from './tokens.js';

/** The left side of a Message-ID that carries the key of its message: the same for every attempt. */
export function messageIdLeft(tokens: Tokens, key: string): string {
  return tokens.sign('message', key);
}

/** Longer lists of references are not read to their end. */
const MAX_CHARACTERS = 65_536;

/**
 * The keys of the messages of ours that a header such as `In-Reply-To` or `References` names, in its order. Whose
 * domain stands behind them does not matter, nor whether the brackets are there: what counts is our signature.
 */
export function keysIn(tokens: Tokens, header: string): string[] {
  return header
    .slice(0, MAX_CHARACTERS)
    .split(/[\s<>,;"()]+/)
    .flatMap((id) => {
      const at = id.lastIndexOf('@');
      return at > 0 ? (tokens.verify('message', id.slice(0, at)) ?? []) : [];
    });
}
