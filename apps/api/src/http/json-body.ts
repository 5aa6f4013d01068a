import { parseText } from '@campaign-manager/core/documents';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../problems/api-error.js';
import { rememberText } from './located-faults.js';
import { parseJson } from './parse-json.js';

/** JSON bodies of at most this size; larger audiences come as streams. */
export const BODY_LIMIT = 20 * 1024 * 1024;

/** Takes JSON bodies, an empty one as absent. */
export function parseJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_LIMIT },
    async (_request: unknown, text: string) => {
      if (text === '') return undefined;
      const parsed = parseJson(text);
      if (parsed.ok) {
        rememberText(parsed.value, text, 'json');
        return parsed.value;
      }
      throw new ApiError('invalid_json', `The body is not valid JSON: ${parsed.where}.`);
    },
  );
}

/** YAML is written by hand, so its documents are small. */
const YAML_LIMIT = 1024 * 1024;

/** Takes `application/yaml` (RFC 9512) in the routes of this scope, beside JSON. */
export function acceptYaml(scope: FastifyInstance): void {
  scope.addContentTypeParser<string>(
    ['application/yaml', 'text/yaml'],
    { parseAs: 'string', bodyLimit: YAML_LIMIT },
    async (_request: unknown, text: string) => {
      const read = parseText(text, 'yaml');
      if (!read.ok) throw new ApiError('invalid_yaml', 'The body is not valid YAML.', { faults: read.faults });
      rememberText(read.value, text, 'yaml');
      return read.value;
    },
  );
}

/** Takes `application/x-ndjson` in the routes of this scope: the handler gets the stream itself, of any length. */
export function acceptNdjson(scope: FastifyInstance): void {
  scope.addContentTypeParser('application/x-ndjson', async (_request: unknown, stream: unknown) => stream);
}
