import {
  BigValueColorMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Chosen by whoever looks: a dashboard names no data source of its own. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the variable is Grafana's
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
/** Whose figures: one of the namespaces, or all. Where nothing has the label, as in Compose, there is only all. */
const NAMESPACE = new QueryVariableBuilder('namespace')
  .label('Namespace')
  .datasource(DATASOURCE)
  .query('label_values(communication_processes, namespace)')
  .refresh(VariableRefresh.OnTimeRangeChanged)
  .multi(true)
  .includeAll(true)
  .allValue('.*')
  .current({ selected: true, text: ['All'], value: ['$__all'] });
const TAG = 'campaign-manager';
const STAT_HEIGHT = 4;
const GRAPH_HEIGHT = 8;
const WIDTH = 24;

/**
 * One screen: `rows` are titles with their panels, which share the width. A row of figures stands first.
 * @param {{ uid: string, title: string, description: string, rows: readonly { title: string, panels: readonly object[] }[] }} about
 */
export function dashboard({ uid, title, description, rows }) {
  const builder = new DashboardBuilder(`Campaign Manager / ${title}`)
    .uid(`campaign-manager-${uid}`)
    .description(description)
    .tags([TAG])
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(new DashboardLinkBuilder('Campaign Manager').type('dashboards').tags([TAG]).asDropdown(false).keepTime(true))
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(NAMESPACE);
  let id = 0;
  const next = () => (id += 1);
  for (const { title: name, panels } of rows) {
    builder.withRow(new RowBuilder(name).id(next()));
    for (const panel of panels) builder.withPanel(panel.id(next()).span(Math.floor(WIDTH / panels.length)));
  }
  return builder.build();
}

/**
 * One figure as it is now. `steps`: from which value on it is orange or red.
 * @param {{ title: string, description: string, expr: string, unit?: string, legend?: string, orange?: number, red?: number, decimals?: number }} about
 */
export function figure({ title, description, expr, unit = 'short', legend, orange, red, decimals }) {
  const panel = new StatBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .height(STAT_HEIGHT)
    .noValue('none')
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(thresholds({ orange, red }))
    .colorMode(orange === undefined && red === undefined ? BigValueColorMode.None : BigValueColorMode.Value)
    .withTarget(query(expr, legend, 'A').instant());
  return decimals === undefined ? panel : panel.decimals(decimals);
}

/**
 * Lines over time. `queries`: an expression and the name of its lines. `orange` and `red` are drawn as lines.
 * @param {{ title: string, description: string, unit?: string, queries: readonly (readonly [expr: string, legend: string])[], stacked?: boolean, orange?: number, red?: number }} about
 */
export function graph({ title, description, unit = 'short', queries, stacked = false, orange, red }) {
  const panel = new TimeseriesBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .height(GRAPH_HEIGHT)
    .min(0)
    .lineWidth(1)
    .fillOpacity(stacked ? 30 : 5)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (orange !== undefined || red !== undefined) {
    panel
      .thresholds(thresholds({ orange, red }))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  for (const [i, [expr, legend]] of queries.entries()) panel.withTarget(query(expr, legend, 'ABCDEFGH'[i]));
  return panel;
}

/** The 50th, 95th and 99th hundredth of a histogram, one line each for every value of the labels `by`. */
export function quantiles(histogram, { by = [], of = [0.5, 0.95, 0.99], range = '$__rate_interval' } = {}) {
  const series = `sum by (${['le', ...by].join(', ')}) (rate(${histogram}_bucket[${range}]))`;
  return of.map((share) => [
    `histogram_quantile(${share}, ${series})`,
    [...by.map((label) => `{{${label}}}`), `p${share * 100}`].join(' '),
  ]);
}

/** An expression that asks for the chosen namespaces only, in each of its selectors. */
function ofNamespaces(expr) {
  return expr
    .replaceAll(/\b(?:communication|nodejs|process)_\w+/g, (metric) => `${metric}{namespace=~"$namespace"}`)
    .replaceAll('}{', ', ');
}

function query(expr, legend, refId) {
  const target = new DataqueryBuilder().datasource(DATASOURCE).expr(ofNamespaces(expr)).refId(refId);
  return legend === undefined ? target : target.legendFormat(legend);
}

function thresholds({ orange, red }) {
  const steps = [{ value: null, color: 'green' }];
  if (orange !== undefined) steps.push({ value: orange, color: 'orange' });
  if (red !== undefined) steps.push({ value: red, color: 'red' });
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
