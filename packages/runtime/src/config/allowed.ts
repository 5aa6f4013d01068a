import type { Variable } from './variable.js';

/** What a variable accepts, in words that fit after "must be". */
export function allowedValues(variable: Variable): string {
  switch (variable.kind) {
    case 'integer':
      return `a whole number from ${variable.min} to ${variable.max}`;
    case 'number':
      return 'above' in variable
        ? `a number above ${variable.above} and at most ${variable.max}`
        : `a number from ${variable.min} to ${variable.max}`;
    case 'boolean':
      return 'true or false (also 1, 0, yes, no)';
    case 'enum':
      return `one of ${variable.values.join(', ')}`;
    case 'url':
      return `a URL that begins with ${variable.schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
    case 'string':
    case 'list':
    case 'json':
      return variable.allowed;
  }
}
