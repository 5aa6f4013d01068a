import { type Token, tokenize } from './condition-lexer.js';
import type { CompiledTemplate } from './types.js';

const MAX_INTENTS = 50;

/** Every intent that the template names: in its rules, and where its conditions compare `response.intent` with a text. */
export function knownIntents(template: CompiledTemplate): readonly string[] {
  const intents = new Set<string>();
  if (template.completing_intent !== null) intents.add(template.completing_intent);
  for (const { specific_response, transitions, messages } of template.stages.values()) {
    if (specific_response !== null) intents.add(specific_response);
    const conditions = [...transitions, ...messages.flatMap(({ conditional }) => conditional)];
    for (const { condition } of conditions) for (const intent of intentsIn(condition.source)) intents.add(intent);
  }
  return [...intents].slice(0, MAX_INTENTS);
}

function intentsIn(source: string): string[] {
  const tokens = tokenize(source);
  return tokens.flatMap((token, i) => {
    const isIntent = isName(token, 'response') && isSymbol(tokens[i + 1], '.') && isName(tokens[i + 2], 'intent');
    if (!isIntent) return [];
    return [...textsBehind(tokens, i + 3), ...(isEquality(tokens[i - 1]) ? textOf(tokens[i - 2]) : [])];
  });
}

function textsBehind(tokens: readonly Token[], at: number): string[] {
  if (isEquality(tokens[at])) return textOf(tokens[at + 1]);
  if (!isSymbol(tokens[at], 'in') || !isSymbol(tokens[at + 1], '[')) return [];
  const end = tokens.findIndex((token, i) => i > at && isSymbol(token, ']'));
  return tokens.slice(at + 2, end).flatMap(textOf);
}

function isEquality(token: Token | undefined): boolean {
  return isSymbol(token, '==') || isSymbol(token, '!=');
}

function textOf(token: Token | undefined): string[] {
  return token?.kind === 'value' && typeof token.value === 'string' ? [token.value] : [];
}

function isName(token: Token | undefined, name: string): boolean {
  return token?.kind === 'name' && token.name === name;
}

function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.symbol === symbol;
}
