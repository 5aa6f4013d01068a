import { ApiError } from '../problems/api-error.js';
import type { PageQuery } from './pages.js';

/** Lists below a campaign go by ids that begin with it: another `after` would lead into another campaign. */
export function within(campaignId: string, query: PageQuery): PageQuery {
  if (query.after === undefined || query.after.startsWith(`${campaignId}/`)) return query;
  const expected = 'the `next` of the page before';
  const faults = [{ path: '$.after', message: `Expected ${expected}, but found another id.`, expected }];
  throw new ApiError('invalid_request', 'The query is not valid.', { faults });
}
