import { whole } from './figures.js';

/** A bar made of parts: how much, and the class that colours it. */
export interface Bar {
  readonly label: string;
  /** What a reader sees on hovering, and hears. */
  readonly title: string;
  readonly parts: readonly { readonly value: number; readonly colour: string }[];
}

const ROW_HEIGHT = 30;
const LABELS_WIDTH = 200;
const FIGURES_WIDTH = 90;
const WIDTH = 760;

/** Bars from left to right, one below the other, each with its label and its total. SVG. */
export function rowChart(name: string, bars: readonly Bar[]): string {
  const most = Math.max(1, ...bars.map(total));
  const room = WIDTH - LABELS_WIDTH - FIGURES_WIDTH;
  const rows = bars.map((bar, row) => {
    const y = row * ROW_HEIGHT;
    let x = LABELS_WIDTH;
    const parts = bar.parts.map(({ value, colour }) => {
      const width = (value / most) * room;
      const part = `<rect class="${colour}" x="${n(x)}" y="${y + 5}" width="${n(width)}" height="20"/>`;
      x += width;
      return part;
    });
    return (
      `<g><title>${escapeHtml(bar.title)}</title>` +
      `<text x="${LABELS_WIDTH - 10}" y="${y + 20}" text-anchor="end">${escapeHtml(cut(bar.label))}</text>` +
      `${parts.join('')}<text class="figure" x="${n(x + 8)}" y="${y + 20}">${whole(total(bar))}</text></g>`
    );
  });
  return svg(name, WIDTH, bars.length * ROW_HEIGHT, rows.join(''));
}

const COLUMN_AREA = { left: 70, right: 24, top: 10, height: 200, bottom: 30 } as const;

/** Bars side by side, with a scale on the left and a label below every few of them. SVG. */
export function columnChart(name: string, bars: readonly Bar[]): string {
  const { left, right, top, height, bottom } = COLUMN_AREA;
  const scale = scaleFor(Math.max(1, ...bars.map(total)));
  const step = (WIDTH - left - right) / Math.max(1, bars.length);
  const yOf = (value: number) => top + height * (1 - value / scale.top);
  const lines = scale.marks.map(
    (mark) =>
      `<line x1="${left}" x2="${WIDTH - right}" y1="${n(yOf(mark))}" y2="${n(yOf(mark))}"/>` +
      `<text class="figure" x="${left - 8}" y="${n(yOf(mark) + 4)}" text-anchor="end">${whole(mark)}</text>`,
  );
  const labelled = Math.ceil(bars.length / 8);
  const columns = bars.map((bar, index) => {
    const x = left + index * step;
    let floor = 0;
    const parts = bar.parts.map(({ value, colour }) => {
      const y = yOf(floor + value);
      const part = `<rect class="${colour}" x="${n(x + step * 0.08)}" y="${n(y)}" width="${n(step * 0.84)}" height="${n(yOf(floor) - y)}"/>`;
      floor += value;
      return part;
    });
    const label = `<text x="${n(x + step / 2)}" y="${top + height + 20}" text-anchor="middle">${escapeHtml(bar.label)}</text>`;
    return `<g><title>${escapeHtml(bar.title)}</title>${parts.join('')}${index % labelled === 0 ? label : ''}</g>`;
  });
  return svg(name, WIDTH, top + height + bottom, lines.join('') + columns.join(''));
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function svg(name: string, width: number, height: number, content: string): string {
  return `<svg role="img" aria-label="${escapeHtml(name)}" viewBox="0 0 ${width} ${height}">${content}</svg>`;
}

/** A round top of a scale for whole numbers, and at most five steps up to it. */
function scaleFor(most: number): { readonly top: number; readonly marks: readonly number[] } {
  const magnitude = 10 ** Math.floor(Math.log10(most));
  const step =
    [0.2, 0.5, 1, 2].map((part) => Math.max(1, part * magnitude)).find((s) => most / s <= 5) ?? magnitude * 2;
  const count = Math.ceil(most / step);
  return { top: count * step, marks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}

function total({ parts }: Bar): number {
  return parts.reduce((sum, { value }) => sum + value, 0);
}

function cut(label: string): string {
  return label.length > 26 ? `${label.slice(0, 25)}…` : label;
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
