/** Every problem that the api can tell of, by its stable code: clients may depend on the codes. */
export const PROBLEMS = {
  invalid_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_yaml: { status: 400, title: 'The body is not valid YAML' },
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'A valid API key is required' },
  forbidden: { status: 403, title: 'This is not allowed' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'The present state does not allow this' },
  too_large: { status: 413, title: 'The document is too large' },
  unsupported_media_type: { status: 415, title: 'The media type is not supported here' },
  invalid_document: { status: 422, title: 'The document is not valid' },
  missing_variables: { status: 422, title: 'Recipients lack values for variables of the template' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'A service that we depend on is away' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
