import type { CampaignInput } from './campaign.js';
import { campaignRules } from './campaign-rules.js';
import { expandDotted } from './dotted.js';
import type { Checked, Fault, Validated } from './fault.js';
import type { AudienceMember, Recipient } from './recipient.js';
import type { ResponseInput } from './response.js';
import { responseRules } from './response-rules.js';
import type { SourceChecks } from './source-checks.js';
import type { SuppressionInput } from './suppression.js';
import { suppressionRules } from './suppression-rules.js';
import type { CampaignTemplate } from './template.js';
import { type TemplateOptions, templateRules } from './template-rules.js';
import {
  validateAudienceMember,
  validateCampaign,
  validateRecipient,
  validateResponse,
  validateSuppression,
  validateTemplate,
} from './validator.js';

interface Outcome {
  readonly faults: readonly Fault[];
  readonly warnings?: readonly Fault[];
}

/**
 * Everything that can be said of a template by itself: its schema, then its rules. `checks` parses conditions and
 * texts; the engine supplies it.
 */
export function checkTemplate(
  document: unknown,
  checks: SourceChecks,
  options: TemplateOptions = {},
): Checked<CampaignTemplate> {
  return check(validateTemplate(document), (template) => templateRules(template, checks, options));
}

/** Everything that can be said of a campaign by itself and, where given, beside its template. */
export function checkCampaign(document: unknown, template?: CampaignTemplate): Checked<CampaignInput> {
  return check(validateCampaign(document), (campaign) => ({ faults: campaignRules(campaign, template) }));
}

export function checkRecipient(document: unknown): Checked<Recipient> {
  return check(validateRecipient(document), () => ({ faults: [] }));
}

/** A member of an audience, its context included: dotted keys that collide and reserved names are refused. */
export function checkAudienceMember(document: unknown): Checked<AudienceMember> {
  return check(validateAudienceMember(document), ({ context }) => {
    const expanded = expandDotted(context ?? {}, ['context']);
    return { faults: expanded.ok ? [] : expanded.faults };
  });
}

/** A response, which must name exactly one conversation. */
export function checkResponse(document: unknown): Checked<ResponseInput> {
  return check(validateResponse(document), (response) => ({ faults: responseRules(response) }));
}

/** An entry of the suppression list, whose address must be one of its channel. */
export function checkSuppression(document: unknown): Checked<SuppressionInput> {
  return check(validateSuppression(document), (entry) => ({ faults: suppressionRules(entry) }));
}

function check<T>(validated: Validated<T>, rules: (value: T) => Outcome): Checked<T> {
  if (!validated.ok) return { ok: false, faults: validated.faults, warnings: [], partial: true };
  const { faults, warnings = [] } = rules(validated.value);
  return faults.length > 0 ? { ok: false, faults, warnings } : { ok: true, value: validated.value, faults, warnings };
}
