export {
  CampaignManager,
  type StageProgression,
  type StageProgressionState,
  type UpdatedState,
} from './campaign-manager.js';
export { decideWithManager, type ManagerOptions } from './decide-with-manager.js';
