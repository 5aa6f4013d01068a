import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type CampaignInput, campaignSchema } from './campaign.js';
import type { Validated } from './fault.js';
import { faultsOf } from './faults.js';
import { type AudienceMember, audienceMemberSchema, type Recipient, recipientSchema } from './recipient.js';
import { type ResponseInput, responseSchema } from './response.js';
import { unsafeKeys } from './safe-keys.js';
import { type SuppressionInput, suppressionSchema } from './suppression.js';
import { type CampaignTemplate, templateSchema } from './template.js';

export type Validator<T> = (document: unknown) => Validated<T>;

/**
 * A function that checks documents against a JSON Schema 2020-12, and their keys for safety. It never changes a
 * document: nothing is coerced and no default is filled in. The schema is compiled at the first call, so that
 * programs that validate nothing (and browsers that forbid generated code) do not pay for it.
 * Its first call throws the error of ajv if the schema itself is wrong.
 */
export function compileValidator<T>(schema: AnySchemaObject): Validator<T> {
  let validate: ValidateFunction<T> | undefined;
  return (document) => {
    const unsafe = unsafeKeys(document);
    if (unsafe.length > 0) return { ok: false, faults: unsafe };
    validate ??= sharedAjv().compile<T>(schema);
    if (validate(document)) return { ok: true, value: document };
    return { ok: false, faults: faultsOf(validate.errors ?? [], document) };
  };
}

export const validateTemplate = compileValidator<CampaignTemplate>(templateSchema);
export const validateCampaign = compileValidator<CampaignInput>(campaignSchema);
export const validateRecipient = compileValidator<Recipient>(recipientSchema);
export const validateAudienceMember = compileValidator<AudienceMember>(audienceMemberSchema);
export const validateResponse = compileValidator<ResponseInput>(responseSchema);
export const validateSuppression = compileValidator<SuppressionInput>(suppressionSchema);

let shared: Ajv2020 | undefined;

function sharedAjv(): Ajv2020 {
  shared ??= createAjv();
  return shared;
}

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, verbose: true });
  addFormats.default(ajv, ['date-time', 'email']);
  const { validate: isRfc3339 } = ajv.formats['date-time'] as { readonly validate: (text: string) => boolean };
  // RFC 3339 knows leap seconds, and ajv-formats offsets such as +01; Date knows neither and would give NaN later on.
  ajv.addFormat('date-time', (text: string) => isRfc3339(text) && Number.isFinite(Date.parse(text)));
  return ajv;
}
