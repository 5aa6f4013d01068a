export { type Addresses, createAddresses, type InboundAddress } from './addresses.js';
export { createIdentities, type IdentityOptions, type MailIdentity } from './identities.js';
export { createTokens, type TokenPurpose, type Tokens } from './tokens.js';
