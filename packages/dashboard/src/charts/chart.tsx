import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { color, fromZero, logarithmic, timeAxis, valueAxis } from './axes.js';
import { drawHeatMap, type HeatMap } from './heat-map.js';
import { formatClock } from '../format.js';

/** A line of a chart. */
export interface Line {
  readonly label: string;
  /** Name of a color of the style sheet. */
  readonly tone: string;
  readonly format: (value: number) => string;
  readonly isFilled?: boolean;
  readonly isDashed?: boolean;
  readonly isStepped?: boolean;
}

/** What a chart shows behind its lines. */
export interface Marks {
  /** Seconds that are not to be trusted. */
  readonly untrusted: readonly number[];
  /** Remarks, in seconds since the start. */
  readonly annotations: readonly { readonly at: number; readonly text: string }[];
  /** Limits of thresholds in the unit of the chart. */
  readonly limits: readonly { readonly value: number; readonly isBroken: boolean }[];
  /** Absent for a chart without one. It needs the logarithmic scale. */
  readonly heatMap?: HeatMap;
}

interface Props {
  readonly title: string;
  /** What the chart shows, for screen readers. */
  readonly label: string;
  readonly lines: readonly Line[];
  /** Seconds since the start, then a column for each line. */
  readonly data: readonly (readonly (number | null)[])[];
  readonly marks: Marks;
  /** Pairs of lines between which the area is filled. */
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly tone: string }[];
  readonly height?: number;
  /** Whether the values have a logarithmic scale. */
  readonly isLogarithmic?: boolean;
  /** Beside the title. */
  readonly control?: ComponentChildren;
}

/** A chart over the time of the run. All charts share cursor and zoom. */
export function Chart(props: Props) {
  const { title, label, lines, data, marks, height = 200, isLogarithmic = false, control } = props;
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const newest = useRef(marks);
  newest.current = marks;
  const shape = lines.map((line) => line.label).join();

  useEffect(() => {
    const root = place.current!;
    const made = new uPlot(
      optionsOf({ ...props, height }, root.clientWidth, () => newest.current),
      data as unknown as uPlot.AlignedData,
      root,
    );
    chart.current = made;
    const resized = new ResizeObserver(() => {
      if (root.clientWidth > 0 && root.clientWidth !== made.width)
        made.setSize({ width: root.clientWidth, height });
    });
    resized.observe(root);
    const redraw = (): void => made.redraw(false);
    addEventListener('theme-change', redraw);
    return () => {
      removeEventListener('theme-change', redraw);
      resized.disconnect();
      made.destroy();
    };
  }, [shape, height, isLogarithmic]);

  useEffect(() => {
    const made = chart.current;
    if (!made) return;
    const { min, max } = made.scales['x']!;
    const before = made.data[0];
    const isWhole = (min ?? 0) <= (before[0] ?? 0) && (max ?? 0) >= (before.at(-1) ?? 0);
    // A reader who has zoomed in keeps what is shown.
    made.setData(data as unknown as uPlot.AlignedData, isWhole);
    if (!isWhole) made.redraw(false);
  }, [data]);

  return (
    <figure class="chart">
      <figcaption>
        {title} {control}
      </figcaption>
      <div ref={place} role="img" aria-label={`${label}. ${summaryOf(lines, data)}`} />
    </figure>
  );
}

/** The newest values in words. */
function summaryOf(lines: readonly Line[], data: Props['data']): string {
  return lines
    .map(({ label, format }, index) => {
      const value = data[index + 1]?.findLast((one) => one !== null);
      return `${label}: ${value === undefined || value === null ? 'no data' : format(value)}`;
    })
    .join(', ');
}

function optionsOf(
  { lines, bands = [], height = 200, isLogarithmic = false }: Props,
  width: number,
  marks: () => Marks,
): uPlot.Options {
  return {
    width,
    height,
    padding: [10, 16, 0, 0],
    cursor: { sync: { key: 'run', setSeries: false }, points: { size: 7 }, drag: { x: true, y: false } },
    scales: { x: { time: false }, y: isLogarithmic ? logarithmic : fromZero },
    axes: [timeAxis, valueAxis(lines[0]!.format)],
    bands: bands.map(({ from, to, tone }) => ({ series: [to, from], fill: () => color(`${tone}-fill`) })),
    hooks: {
      drawClear: [
        (chart) => shadeUntrusted(chart, marks().untrusted),
        (chart) => {
          const { heatMap } = marks();
          if (heatMap && isLogarithmic) drawHeatMap(chart, heatMap);
        },
      ],
      draw: [
        (chart) => drawAnnotations(chart, marks().annotations),
        (chart) => drawLimits(chart, marks().limits),
      ],
    },
    series: [
      { label: 'Time', value: (_, at) => (at === null ? '' : formatClock(at)) },
      ...lines.map(seriesOf),
    ],
  };
}

function seriesOf({ label, tone, format, isFilled, isDashed, isStepped }: Line): uPlot.Series {
  return {
    label,
    width: 1.75,
    stroke: () => color(tone),
    // Without a cursor, the legend has the newest values.
    value: (chart, value, series, index) => {
      const column = chart.data[series] as readonly (number | null)[];
      const shown = index === null ? column.findLast((one) => one !== null) : value;
      return shown === null || shown === undefined ? '–' : format(shown);
    },
    points: { show: false },
    ...(isFilled === true && { fill: () => color(`${tone}-fill`) }),
    ...(isDashed === true && { dash: [6, 3] }),
    ...(isStepped === true && { paths: uPlot.paths.stepped!({ align: 1 }) }),
  };
}

function shadeUntrusted(chart: uPlot, seconds: readonly number[]): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.fillStyle = color('partial');
  for (const second of seconds) {
    const from = Math.max(bbox.left, chart.valToPos(second - 0.5, 'x', true));
    const to = Math.min(bbox.left + bbox.width, chart.valToPos(second + 0.5, 'x', true));
    if (to > from) ctx.fillRect(from, bbox.top, to - from, bbox.height);
  }
  ctx.restore();
}

function drawAnnotations(chart: uPlot, annotations: Marks['annotations']): void {
  const { ctx, bbox } = chart;
  const { min = 0, max = 0 } = chart.scales['x'] as { min?: number; max?: number };
  ctx.save();
  ctx.strokeStyle = color('violet');
  ctx.setLineDash([4, 4]);
  for (const { at } of annotations) {
    if (at < min || at > max) continue;
    strokeLine(ctx, chart.valToPos(at, 'x', true), bbox.top, 0, bbox.height);
  }
  ctx.restore();
}

function drawLimits(chart: uPlot, limits: Marks['limits']): void {
  const { ctx, bbox } = chart;
  const { max = 0 } = chart.scales['y'] as { max?: number };
  ctx.save();
  ctx.setLineDash([2, 3]);
  for (const { value, isBroken } of limits) {
    if (value > max) continue;
    ctx.strokeStyle = color(isBroken ? 'red' : 'good');
    strokeLine(ctx, bbox.left, chart.valToPos(value, 'y', true), bbox.width, 0);
  }
  ctx.restore();
}

function strokeLine(ctx: CanvasRenderingContext2D, x: number, y: number, right: number, down: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + right, y + down);
  ctx.stroke();
}
