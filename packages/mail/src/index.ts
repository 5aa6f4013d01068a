export { createTokens, type TokenPurpose, type Tokens } from './tokens.js';
