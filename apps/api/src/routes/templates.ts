import { lintTemplate, sourceChecks } from '@campaign-manager/core/lint';
import type { TemplateDocument } from '@campaign-manager/core/models';
import { checkTemplate, templateSchema } from '@campaign-manager/core/schemas';
import { audit, listTemplates, loadTemplate, NotFoundError, saveTemplate } from '@campaign-manager/core/store';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import type { ApiContext } from '../context.js';
import { documented } from '../http/documented.js';
import { acceptYaml } from '../http/json-body.js';
import { locateFaults } from '../http/located-faults.js';
import { type PageQuery, pageSchema, readPage } from '../http/pages.js';
import { type IdParams, idParams } from '../http/params.js';
import { checkedValue } from '../problems/api-error.js';

const versionQuery = {
  type: 'object',
  properties: { version: { type: 'integer', minimum: 1, description: 'Default: the latest.' } },
  additionalProperties: false,
} as const;

export function templateRoutes(app: FastifyInstance, { store, clock, config }: ApiContext): void {
  acceptYaml(app);

  app.post(
    '/v1/templates',
    {
      config: { scope: 'write' },
      schema: {
        tags: ['templates'],
        summary: 'Store a template: a new version, unless it equals the latest one',
        body: documented(templateSchema),
      },
    },
    async (request, reply) => {
      const checked = checkTemplate(request.body, sourceChecks, { notifiers: Object.keys(config.notifiers) });
      const now = new Date(clock.now());
      const template = checkedValue(checked);
      const { document, created } = await saveTemplate(store, template, now);
      const { template_id, version } = document;
      const warnings = [...checked.warnings, ...lintTemplate(template)];
      if (created) {
        await audit(store, { at: now, by: callerOf(request), action: 'template.save', target: document._id });
      }
      return reply
        .code(created ? 201 : 200)
        .send({ template_id, version, warnings: locateFaults(request.body, warnings) });
    },
  );

  app.get<{ Querystring: PageQuery }>(
    '/v1/templates',
    {
      config: { scope: 'read' },
      schema: { tags: ['templates'], summary: 'The latest version of every template', querystring: pageSchema },
    },
    ({ query }) =>
      readPage(
        query,
        (after, limit) => listTemplates(store, after, limit),
        present,
        ({ template_id }) => template_id,
      ),
  );

  app.get<{ Params: IdParams; Querystring: { version?: number } }>(
    '/v1/templates/:id',
    {
      config: { scope: 'read' },
      schema: { tags: ['templates'], summary: 'One template', params: idParams, querystring: versionQuery },
    },
    async ({ params: { id }, query: { version } }) => {
      const document = await loadTemplate(store, id, version);
      if (!document) throw new NotFoundError('template', version === undefined ? id : `${id}/${version}`);
      return present(document);
    },
  );
}

function present({ template_id, version, created_at, template }: TemplateDocument) {
  return { template_id, version, created_at, template };
}
