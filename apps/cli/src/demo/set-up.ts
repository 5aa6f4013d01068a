import type { Api } from '../api-client.js';
import type { Scenario } from './scenario.js';

/** Thrown when the api refused some of the demo's own recipients. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(faults: unknown) {
    super(`Recipients were refused: ${JSON.stringify(faults)}`);
  }
}

/** Brings a campaign with its template, people and audience into the system, as a user would; it is a draft then. */
export async function setUp(api: Api, { template, campaign, people }: Scenario): Promise<void> {
  await api.post('/v1/templates', template);
  const imported = await api.postLines<{ refused: number; faults: unknown }>(
    '/v1/recipients',
    people.map(({ recipient }) => recipient),
  );
  if (imported.refused > 0) throw new RefusedError(imported.faults);
  await api.post('/v1/campaigns', campaign);
  await api.post(
    `/v1/campaigns/${campaign._id}/audience`,
    people.map(({ member }) => member),
  );
}

export async function launch(api: Api, { campaign }: Scenario): Promise<void> {
  await api.post(`/v1/campaigns/${campaign._id}/launch`, {});
}
