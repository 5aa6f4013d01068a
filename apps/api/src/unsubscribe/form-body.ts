import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A form with one short field; some mail programs put much around it. */
const BODY_LIMIT = 4096;

/** Takes forms in the routes of this scope, in both encodings that RFC 8058 (section 3.1) names. */
export function acceptForms(scope: FastifyInstance): void {
  scope.addContentTypeParser<Buffer>(
    ['application/x-www-form-urlencoded', 'multipart/form-data'],
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    async (request: FastifyRequest, body: Buffer) => {
      const type = request.headers['content-type'] ?? '';
      return new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData().catch(() => null);
    },
  );
}

/** Whether a body is the one that RFC 8058 has a mail program send: `List-Unsubscribe=One-Click`. */
export function isOneClick(body: unknown): boolean {
  return body instanceof FormData && body.get('List-Unsubscribe') === 'One-Click';
}
