import { forgetExpiredImports } from '@campaign-manager/core/store';
import { repaired } from '@campaign-manager/runtime';
import type { SweepStep } from './step.js';

const LIMIT = 100;
/** A slow import may outlive its lease of a minute and still go on; after this long its process is gone. */
const GONE_MS = 3_600_000;

/** Leases of imports whose process died are forgotten; else they would pile up in the campaign. */
export const sweepImports: SweepStep = async (context, { now }) => {
  const found = await forgetExpiredImports(context.store, now - GONE_MS, LIMIT);
  repaired(context, 'expired_import', found, 'Imports into audiences were begun and never ended');
};
