import type { Fault } from '@campaign-manager/core/schemas';
import type { ApiError } from '../api-client.js';
import { CliError } from '../cli-error.js';

/** The members of the api's problem documents (RFC 9457) that are told. */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly faults?: readonly Pick<Fault, 'path' | 'message' | 'hint'>[];
  readonly missing?: readonly {
    readonly variable: string;
    readonly recipients: number;
    readonly examples: readonly string[];
  }[];
}

const HINTS: ReadonlyMap<number, string> = new Map([
  [401, 'set CAMPAIGN_API_KEY to a key of this installation'],
  [403, 'the key in CAMPAIGN_API_KEY lacks a right that this needs'],
  [503, 'try again in a moment; `campaign doctor` tells what is wrong'],
]);

/** What the api refused, in one line, and one more for each fault. */
export function explainProblem({ status, body }: ApiError): CliError {
  const { title = `The api answered with status ${status}`, detail, faults = [], missing = [] } = problemOf(body);
  const hint = HINTS.get(status);
  return new CliError(detail === undefined ? `${title}.` : `${title}: ${detail}`, {
    lines: [
      ...faults.map(({ path, message, hint: more = '' }) => `  ${path}: ${message} ${more}`.trimEnd()),
      ...missing.map(
        ({ variable, recipients, examples }) =>
          `  ${variable}: missing for ${recipients} of the recipients, such as ${examples.join(', ')}`,
      ),
    ],
    ...(hint !== undefined && { hint }),
  });
}

/** Whatever answers may be another program than ours. */
function problemOf(body: string): Problem {
  try {
    const problem: unknown = JSON.parse(body);
    return typeof problem === 'object' && problem !== null ? problem : {};
  } catch {
    return {};
  }
}
