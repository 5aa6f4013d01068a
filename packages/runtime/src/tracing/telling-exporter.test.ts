import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { telling } from './telling-exporter.js';

const OK: ExportResult = { code: ExportResultCode.SUCCESS };
const REFUSED: ExportResult = { code: ExportResultCode.FAILED, error: new Error('connect ECONNREFUSED') };

it('tells once that traces cannot be exported, and once that they can again', () => {
  const told: string[] = [];
  const logger = { warn: () => told.push('cannot'), info: () => told.push('can again') };
  let result = OK;
  const exporter = telling({ export: (_, answer) => answer(result), shutdown: async () => {} }, logger as never);
  const answers: ExportResult[] = [];
  for (result of [OK, REFUSED, REFUSED, REFUSED, OK, OK, REFUSED]) exporter.export([], (one) => answers.push(one));

  expect(told).toEqual(['cannot', 'can again', 'cannot']);
  expect(answers).toEqual([OK, REFUSED, REFUSED, REFUSED, OK, OK, REFUSED]);
});
