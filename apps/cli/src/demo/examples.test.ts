import { pathToFileURL } from 'node:url';
import { checkCampaign, checkTemplate } from '@campaign-manager/core/schemas';
import { loadScenarios } from './scenario.js';

const examples = pathToFileURL(`${process.cwd()}/examples/`);

describe('the example documents', () => {
  it('are accepted without a warning', async () => {
    const none = { condition: () => null, text: () => null };
    for (const { template, campaign } of await loadScenarios(examples, 1)) {
      expect(checkTemplate(template, none)).toMatchObject({ ok: true, warnings: [] });
      expect(checkCampaign(campaign)).toMatchObject({ ok: true });
      expect(campaign.template_id).toBe(template._id);
    }
  });
});
