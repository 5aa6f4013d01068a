import type { CampaignDocument } from '@campaign-manager/core/models';

/** A campaign as clients see it: without the bookkeeping of initialisation and imports. */
export function presentCampaign({ initialize_cursor: _cursor, open_imports: _imports, ...campaign }: CampaignDocument) {
  return campaign;
}
