import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from './create-metrics.js';
import { REPAIR_KINDS } from './repair-kinds.js';
import { repaired } from './repaired.js';

it('every kind of repair stands in the table of docs/self-healing.md', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/self-healing.md'), 'utf8');
  expect(REPAIR_KINDS.filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
});

it('many repairs are one line of the log, with some of their ids', async () => {
  const lines: unknown[] = [];
  const metrics = createMetrics({ enableMetrics: false });
  const logger = { warn: (...line: unknown[]) => void lines.push(line) };
  const ids = Array.from({ length: 25 }, (_, i) => `id${i}`);

  repaired({ metrics, logger: logger as never }, 'response', ids, 'Replies were stuck', { campaign_id: 'c' });
  repaired({ metrics, logger: logger as never }, 'response', [], 'Replies were stuck');

  expect(lines).toEqual([
    [{ repair: 'response', repairs: 25, ids: ids.slice(0, 10), campaign_id: 'c' }, 'Replies were stuck'],
  ]);
  expect(await metrics.registry.metrics()).toContain('communication_repairs_total{kind="response"} 25');
});
