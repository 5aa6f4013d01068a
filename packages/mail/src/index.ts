export { type Addresses, createAddresses, type InboundAddress } from './addresses.js';
export { type Classified, classify, type Envelope, type MailKind, type Owner } from './classify.js';
export { createIdentities, type IdentityOptions, type MailIdentity } from './identities.js';
export { type ExpectedAnswers, type Meaning, meaningOf } from './meaning.js';
export { ownText } from './own-text.js';
export { type InboundMail, parseMail, type ReportPart } from './parse-mail.js';
export { createTokens, type TokenPurpose, type Tokens } from './tokens.js';
