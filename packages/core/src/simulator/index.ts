export { createRandom, type Random } from './random.js';
export { renderReportHtml } from './render-html.js';
export { renderReportText } from './render-text.js';
export type { CompletionReport, DayReport, ResultReport, SimulationReport, StageReport } from './report.js';
export { type ScenarioInput, simulateScenario } from './simulate-scenario.js';
export { type StatisticsInput, simulateStatistics } from './simulate-statistics.js';
export type { SimulatedEvent } from './timeline.js';
