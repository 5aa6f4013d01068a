import { compileValidator } from '@campaign-manager/core/schemas';
import type { FastifySchemaCompiler } from 'fastify';
import { ApiError } from '../problems/api-error.js';

interface ObjectSchema {
  readonly type: 'object';
  readonly properties?: { readonly [name: string]: { readonly type?: string } };
}

/**
 * Checks paths and queries with the validators of `core`, so that their faults have the same form as those of
 * documents. Bodies are checked by their handlers: a schema alone does not tell everything about them.
 */
export const validatorCompiler: FastifySchemaCompiler<ObjectSchema> = ({ schema, httpPart }) => {
  if (httpPart === 'body') return () => true;
  const validate = compileValidator<unknown>(schema);
  return (data: unknown) => {
    const values = coerce(data as Readonly<Record<string, unknown>>, schema);
    const result = validate(values);
    if (result.ok) return { value: values };
    const part = httpPart === 'params' ? 'path' : 'query';
    return { error: new ApiError('invalid_request', `The ${part} is not valid.`, { faults: result.faults }) };
  };
};

/** A query knows text only: numbers and truth values are read where the schema wants them. */
function coerce(data: Readonly<Record<string, unknown>>, schema: ObjectSchema): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const type = schema.properties && Object.hasOwn(schema.properties, name) && schema.properties[name]?.type;
      if (type === 'integer' && typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return [name, Number(value)];
      if (type === 'boolean' && (value === 'true' || value === 'false')) return [name, value === 'true'];
      return [name, value];
    }),
  );
}
