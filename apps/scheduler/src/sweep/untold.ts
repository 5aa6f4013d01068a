import { tellOfDelivery, untoldOutcomes } from '@campaign-manager/core/store';
import { repaired } from '@campaign-manager/runtime';
import type { SweepStep } from './step.js';
import { STRANDED_MS } from './stranded.js';

const LIMIT = 500;

/** Outcomes that a conversation should know of now, and whose worker died before it told: they are told. */
export const sweepUntold: SweepStep = async (context, { now }) => {
  const { store, producers } = context;
  const told: string[] = [];
  const failures: unknown[] = [];
  for (const row of await untoldOutcomes(store, now - STRANDED_MS, LIMIT)) {
    try {
      // Who is full is due, and told later; who knew of it, or is completed, needs nothing more.
      if ((await tellOfDelivery(store, row, row.status, now)) !== 'added') continue;
      told.push(row._id);
      await producers.add('conversations', [{ name: 'advance', payload: { conversation_id: row.conversation_id } }]);
    } catch (error) {
      failures.push(error); // one row never keeps the others from being told
    }
  }
  repaired(context, 'untold_outcome', told, 'Conversations had not been told what became of their messages');
  if (failures.length > 0) throw failures[0];
};
