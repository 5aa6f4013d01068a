import { ConflictError, NotFoundError } from '@campaign-manager/core/store';
import { ApiError } from './api-error.js';
import { toProblem } from './to-problem.js';

const named = (name: string, message = 'inside') => Object.assign(new Error(message), { name });
const coded = (code: string | number, statusCode?: number, message = 'said so') =>
  Object.assign(new Error(message), { code, statusCode });

describe('toProblem', () => {
  it.each<[string, unknown, number, string]>([
    ['an error of our own', new ApiError('forbidden', 'No.'), 403, 'forbidden'],
    ['a document that there is not', new NotFoundError('campaign', 'x'), 404, 'not_found'],
    ['a state that does not allow it', new ConflictError('Completed.'), 409, 'conflict'],
    ['no primary', named('MongooseServerSelectionError'), 503, 'unavailable'],
    ['a broken connection', named('MongoNetworkError'), 503, 'unavailable'],
    [
      'a buffer that waited in vain',
      named('MongooseError', 'Operation `x` buffering timed out after 1 ms'),
      503,
      'unavailable',
    ],
    ['another error of Mongoose', named('MongooseError'), 500, 'internal'],
    ['a document beyond 16 MB', coded(10334), 413, 'too_large'],
    ['a body beyond the limit', coded('FST_ERR_CTP_BODY_TOO_LARGE', 413), 413, 'too_large'],
    ['a media type', coded('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 415, 'unsupported_media_type'],
    ['another refusal of the framework', coded('FST_ERR_BAD_URL', 400), 400, 'invalid_request'],
    ['an error of the framework itself', coded('FST_ERR_SEND_INSIDE_ONERR', 500), 500, 'internal'],
    ['what is no error', 'thrown', 500, 'internal'],
    ['nothing', undefined, 500, 'internal'],
  ])('makes of %s a problem', (_, error, status, code) => {
    expect(toProblem(error, '/v1/x').problem).toMatchObject({
      status,
      code,
      type: `urn:campaign-manager:problem:${code}`,
      instance: '/v1/x',
    });
  });

  it('tells nothing of our insides where nobody expected the error', () => {
    const { problem } = toProblem(new TypeError('password=hunter2 at /srv/app.js'), '/v1/x');

    expect(problem.detail).toBe('The request could not be served; the log tells more under the trace id.');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it('says when to come back where MongoDB is away', () => {
    expect(toProblem(named('MongoServerSelectionError'), '/').headers).toEqual({ 'retry-after': '5' });
  });
});
