import type { CompiledTemplate, ConversationEvent, ConversationResult } from '../engine/types.js';
import { createDistribution } from './distribution.js';
import type { DayReport, ResultReport, SimulationReport, StageReport } from './report.js';

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const HISTOGRAM_BARS = 40;

type Counts<T> = { -readonly [K in keyof T]: T[K] };
type Outcomes = Pick<SimulationReport, 'stages' | 'unreachable_stages' | 'results' | 'completion' | 'days'>;

/** Adds up conversations, and forgets each as soon as it is counted. */
export interface Tally {
  /** The history of one conversation that began at 0. */
  count(events: readonly ConversationEvent[]): void;
  report(): Outcomes;
}

export function createTally(template: CompiledTemplate): Tally {
  const stages = new Map(template.order.map((name) => [name, emptyStage(template, name)]));
  const days = new Map<number, Counts<DayReport>>();
  const results = new Map<string, Counts<ResultReport>>();
  const durations = createDistribution();

  const dayOf = (at: number): Counts<DayReport> => {
    const day = Math.floor(at / MS_PER_DAY);
    const known = days.get(day) ?? { day, messages: 0, follow_ups: 0, responses: 0, escalations: 0, completed: 0 };
    days.set(day, known);
    return known;
  };

  const countResult = (result: ConversationResult, reason: string) => {
    const key = `${result} ${reason}`;
    const known = results.get(key) ?? { result, reason, count: 0 };
    known.count += 1;
    results.set(key, known);
  };

  const countEvent = ({ at, type, stage: name, reason = '', detail = {} }: ConversationEvent) => {
    const stage = stages.get(name);
    if (!stage) return;
    switch (type) {
      case 'entered':
        stage.entered += 1;
        break;
      case 'sent': {
        const followUps = detail['ordinal'] === 0 ? 0 : 1;
        const day = dayOf(at);
        for (const counts of [stage, day]) {
          counts.messages += 1;
          counts.follow_ups += followUps;
        }
        break;
      }
      case 'response':
        stage.responses += 1;
        dayOf(at).responses += 1;
        break;
      case 'escalated':
        stage.escalations += 1;
        dayOf(at).escalations += 1;
        break;
      case 'advanced':
        stage.advanced += 1;
        break;
      case 'completed': {
        const result = detail['result'] as ConversationResult;
        countEnd(stage, result);
        countResult(result, reason);
        dayOf(at).completed += 1;
        durations.add(at / MS_PER_HOUR);
      }
    }
  };

  return {
    count(events) {
      for (const event of events) countEvent(event);
    },
    report: () => ({
      stages: [...stages.values()],
      unreachable_stages: [...stages.values()].filter(({ entered }) => entered === 0).map(({ stage }) => stage),
      results: [...results.values()].sort((a, b) => b.count - a.count),
      completion: {
        count: durations.count,
        median_hours: rounded(durations.quantile(0.5)),
        p95_hours: rounded(durations.quantile(0.95)),
        histogram: durations.histogram(HISTOGRAM_BARS),
      },
      days: [...days.values()].sort((a, b) => a.day - b.day),
    }),
  };
}

function emptyStage(template: CompiledTemplate, name: string): Counts<StageReport> {
  const counts = { entered: 0, advanced: 0, completed: 0, failed: 0, expired: 0, opted_out: 0 };
  const title = template.stages.get(name)?.title ?? name;
  return { stage: name, title, ...counts, messages: 0, follow_ups: 0, responses: 0, escalations: 0 };
}

function countEnd(stage: Counts<StageReport>, result: ConversationResult): void {
  switch (result) {
    case 'success':
      stage.completed += 1;
      break;
    case 'failed':
    case 'expired':
    case 'opted_out':
      stage[result] += 1;
      break;
    case 'cancelled': // by operators only
      break;
  }
}

function rounded(hours: number | null): number | null {
  return hours === null ? null : Math.round(hours * 100) / 100;
}
