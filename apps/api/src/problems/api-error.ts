import type { Checked, Fault, Validated } from '@campaign-manager/core/schemas';
import type { ProblemCode } from './catalogue.js';

interface Details {
  readonly faults?: readonly Fault[];
  /** Further members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown when a request cannot be served for a reason that its sender should know. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ProblemCode;
  readonly details: Details;

  /** `detail` is a full sentence for the sender; it holds nothing that the sender does not know already. */
  constructor(code: ProblemCode, detail: string, details: Details = {}) {
    super(detail);
    this.code = code;
    this.details = details;
  }
}

/**
 * The value of a document that passed its checks.
 * @throws ApiError `invalid_document` with every fault.
 */
export function checkedValue<T>(checked: Checked<T> | Validated<T>): T {
  if (checked.ok) return checked.value;
  throw invalidDocument(checked.faults);
}

export function invalidDocument(faults: readonly Fault[]): ApiError {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return new ApiError('invalid_document', `The document has ${count}; nothing was changed.`, { faults });
}
