import { init } from 'echarts';
import { median } from '../compare.js';
import type { SeriesResult } from '../results.js';
import type { Cpu, Run } from '../run.js';
import { costOf } from './tables.js';

const WIDTH = 720;
const HEIGHT = 400;

const LINES: readonly (readonly [name: string, figure: (run: Run) => number])[] = [
  ['all', costOf],
  ['ours', perThousand('ours')],
  ['MongoDB', perThousand('mongodb')],
  ['Redis', perThousand('redis')],
];

/** The cost of a step against the conversations stored, as an SVG that needs no browser to be drawn. Pure. */
export function drawGrowth({ points }: SeriesResult): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#fff',
      title: { text: 'Cost of a step against conversations stored', left: 'center', textStyle: { fontSize: 15 } },
      legend: { bottom: 0 },
      grid: { left: 70, right: 40, top: 50, bottom: 80 },
      xAxis: {
        type: 'category',
        data: points.map(({ at }) => at.toLocaleString('en')),
        name: 'conversations stored',
        nameLocation: 'middle',
        nameGap: 30,
      },
      yAxis: { type: 'value', min: 0, name: 'CPU seconds per 1,000 steps', nameLocation: 'middle', nameGap: 45 },
      series: LINES.map(([name, figure]) => ({
        type: 'line' as const,
        name,
        data: points.map(({ runs }) => Number(median(runs.map(figure)).toFixed(4))),
      })),
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose(); // else its timers keep the process alive
  }
}

function perThousand(whose: keyof Cpu): (run: Run) => number {
  return ({ cpu, units }) => (cpu[whose] / units) * 1000;
}
