import { lintCampaign, lintTemplate, sourceChecks } from '@campaign-manager/core/lint';
import {
  type CampaignTemplate,
  type Checked,
  checkCampaign,
  checkResponseModel,
  checkScenario,
  checkTemplate,
  type Fault,
} from '@campaign-manager/core/schemas';

export const KINDS = ['template', 'campaign', 'scenario', 'response-model'] as const;
export type Kind = (typeof KINDS)[number];

interface Findings {
  /** The errors keep further rules from being looked at: more may show when they are mended. */
  readonly partial: boolean;
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** What a document is, by the fields that only that kind has; null where it cannot be told. */
export function recognise(document: unknown): Kind | null {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return null;
  const has = (...fields: string[]) => fields.every((field) => Object.hasOwn(document, field));
  if (has('template', 'campaign') || has('template', 'recipients')) return 'scenario';
  if (has('template_id')) return 'campaign';
  if (!has('_id') && !has('type') && (has('default') || has('stages'))) return 'response-model';
  if (has('stages')) return 'template';
  return null;
}

/**
 * Everything that can be said of a document at `now` (milliseconds); a campaign and a response model beside their
 * template, if it is known.
 */
export function checkDocument(kind: Kind, document: unknown, now: number, template?: CampaignTemplate): Findings {
  switch (kind) {
    case 'template':
      return findings(checkTemplate(document, sourceChecks), lintTemplate);
    case 'campaign':
      return findings(checkCampaign(document, template), (campaign) => lintCampaign(campaign, now));
    case 'scenario':
      return findings(checkScenario(document, sourceChecks), (scenario) =>
        belowTemplate(lintTemplate(scenario.template)),
      );
    case 'response-model':
      return findings(checkResponseModel(document, template));
  }
}

function findings<T>(checked: Checked<T>, lint: (value: T) => readonly Fault[] = () => []): Findings {
  const { faults, warnings } = checked;
  const partial = !checked.ok && checked.partial === true;
  return { partial, errors: faults, warnings: checked.ok ? [...warnings, ...lint(checked.value)] : warnings };
}

function belowTemplate(warnings: readonly Fault[]): readonly Fault[] {
  return warnings.map((warning) => ({ ...warning, path: `$.template${warning.path.slice(1)}` }));
}
