import { comparePairs, rateOf } from '../compare.js';
import type { CaseResult, PairResult, Point, SeriesResult } from '../results.js';
import type { Run } from '../run.js';
import { costOf, medianOf } from './tables.js';

/** Whether a target is met, and by what figure. */
export interface Verdict {
  readonly target: string;
  /** null: not measured in this run. */
  readonly met: boolean | null;
  readonly figure: string;
}

/** What listmonk, tuned, sends a second into smtp-sink on such a machine, keeping no record of a message: from, to. */
const GO_MAILER = { from: 5500, to: 6200 } as const;
const MB = 1e6;

/** Every target of the benchmark, judged by what was measured. Pure. */
export function judge(results: readonly CaseResult[]): Verdict[] {
  const pair = (name: string) => results.find((one): one is PairResult => one.name === name && one.kind === 'pair');
  const series = (name: string) =>
    results.find((one): one is SeriesResult => one.name === name && one.kind === 'series');
  return [
    atLeastOfFloor('init', 0.7, pair('init')),
    atLeastOfFloor('step', 0.6, pair('step')),
    atLeastOfFloor('mail', 0.6, pair('mail')),
    mailRate(pair('mail')),
    ratioTarget('step: at least 8 times the naive way', 8, pair('naive')),
    growingCost(series('growth')),
    growingRedis(series('growth')),
    memoryInFlight(series('memory')),
    halfLoad(series('latency')),
    ...results.filter((one) => one.kind === 'pair' && one.name !== 'naive').map((one) => equalSizes(one as PairResult)),
  ];
}

function verdict<T>(target: string, result: T | undefined, judgement: (result: T) => [boolean, string]): Verdict {
  if (result === undefined) return { target, met: null, figure: 'not measured' };
  const [met, figure] = judgement(result);
  return { target, met, figure };
}

function atLeastOfFloor(name: string, ratio: number, result: PairResult | undefined): Verdict {
  return ratioTarget(`${name}: at least ${ratio} of its floor`, ratio, result);
}

function ratioTarget(target: string, least: number, result: PairResult | undefined): Verdict {
  return verdict(target, result, ({ pairs }) => {
    const { ratio } = comparePairs(pairs);
    return [ratio >= least, ratio.toFixed(2)];
  });
}

function mailRate(result: PairResult | undefined): Verdict {
  const { from, to } = GO_MAILER;
  const target = `mail: at least ${from / 2} a second, half of a Go mailer without a ledger (${from} to ${to})`;
  return verdict(target, result, ({ pairs }) => {
    const { rate } = comparePairs(pairs);
    return [rate >= from / 2, `${rate.toFixed(0)} a second`];
  });
}

function growingCost(result: SeriesResult | undefined): Verdict {
  return verdict('growth: a step costs at most 1.2 times as much at the most as at the fewest', result, (growth) => {
    const { first, last } = ends(growth);
    const ratio = medianOf(last.runs, costOf) / medianOf(first.runs, costOf);
    return [ratio <= 1.2, `${ratio.toFixed(2)} (${at(last)} to ${at(first)})`];
  });
}

function growingRedis(result: SeriesResult | undefined): Verdict {
  return verdict('growth: Redis holds at the most within 10 MB of what it holds at the fewest', result, (growth) => {
    const { first, last } = ends(growth);
    const bytesOf = ({ more }: Run) => more?.['redis_bytes'] ?? Number.NaN;
    const difference = (medianOf(last.runs, bytesOf) - medianOf(first.runs, bytesOf)) / MB;
    return [Math.abs(difference) <= 10, `${difference.toFixed(2)} MB (${at(last)} to ${at(first)})`];
  });
}

function memoryInFlight(result: SeriesResult | undefined): Verdict {
  return verdict('memory: a worker process with 500 conversations in flight within 300 MB', result, (memory) => {
    const runs = ends(memory).last.runs;
    const bytes = Math.max(...runs.map((run) => run.bytes));
    const atOnce = medianOf(runs, ({ more }) => more?.['most_at_once'] ?? Number.NaN);
    return [bytes <= 300 * MB, `${(bytes / MB).toFixed(0)} MB at its peak, ${atOnce} mails at the server at once`];
  });
}

function halfLoad(result: SeriesResult | undefined): Verdict {
  return verdict('latency: at half load 99 % leave within 2 s of their due time', result, (latency) => {
    const runs = ends(latency).last.runs;
    const p99 = medianOf(runs, (run) => run.latency?.p99 ?? Number.NaN);
    return [p99 <= 2000, `${p99.toFixed(0)} ms at ${medianOf(runs, rateOf).toFixed(0)} a second`];
  });
}

/** Not a target of the product but of the benchmark: a floor that writes less would be no floor. */
function equalSizes({ name, pairs }: PairResult): Verdict {
  const target = `${name}: the floor's documents are as large as ours, within 5 %`;
  const last = pairs.at(-1);
  const ours = last?.run.documents ?? {};
  const theirs = last?.floor.documents ?? {};
  const names = Object.keys(ours);
  const equal = names.every((key) => Math.abs((theirs[key] ?? 0) / (ours[key] ?? 0) - 1) <= 0.05);
  const figure = names.map((key) => `${key} ${bytes(ours[key])}, floor ${bytes(theirs[key])}`).join('; ');
  return { target, met: equal && names.length > 0, figure: `${figure} bytes` };
}

function bytes(size: number | undefined): string {
  return (size ?? 0).toFixed(0);
}

function ends({ points }: SeriesResult): { readonly first: Point; readonly last: Point } {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('A series has at least one point.');
  return { first, last };
}

function at(point: Point): string {
  return point.at.toLocaleString('en');
}

/** One line for each target. Pure. */
export function renderVerdicts(verdicts: readonly Verdict[]): string {
  return verdicts.map(({ target, met, figure }) => `- ${word(met)}: ${target}: ${figure}`).join('\n');
}

function word(met: boolean | null): string {
  if (met === null) return 'open';
  return met ? 'met' : 'NOT MET';
}
