import uPlot from 'uplot';
import { formatClock } from '../format.js';
import { color, fromZero, logarithmic, timeAxis, valueAxis } from './axes.js';
import { drawHeatMap } from './heat-map.js';
import { placeAnnotations, placeLimits } from './labels.js';
import type { ChartModel, Columns, Line, Marks } from './model.js';

/** A drawn chart. All charts of the page share cursor and zoom. */
export interface Plot {
  show(data: Columns): void;
  redraw(): void;
  resize(width: number): void;
  destroy(): void;
}

interface Shape {
  readonly height: number;
  readonly isLogarithmic: boolean;
}

/** Of texts in the chart, in CSS pixels. */
const FONT_PX = 11;

/** Draws a chart into an element. @param newest the chart with its newest marks */
export function plotInto(place: HTMLElement, newest: () => ChartModel, shape: Shape): Plot {
  const chart = new uPlot(optionsOf(newest, shape, place.clientWidth), aligned(newest().data), place);
  return {
    show: (data) => {
      const { min, max } = chart.scales['x']!;
      const before = chart.data[0];
      const isWhole = (min ?? 0) <= (before[0] ?? 0) && (max ?? 0) >= (before.at(-1) ?? 0);
      // A reader who has zoomed in keeps what is shown.
      chart.setData(aligned(data), isWhole);
      if (!isWhole) chart.redraw(false);
    },
    redraw: () => chart.redraw(false),
    resize: (width) => {
      if (width > 0 && width !== chart.width) chart.setSize({ width, height: shape.height });
    },
    destroy: () => chart.destroy(),
  };
}

function aligned(data: Columns): uPlot.AlignedData {
  return data as unknown as uPlot.AlignedData;
}

function optionsOf(newest: () => ChartModel, { height, isLogarithmic }: Shape, width: number): uPlot.Options {
  const { lines, band } = newest();
  const isFilled = band && !isLogarithmic;
  return {
    width,
    height,
    padding: [10, 16, 0, 0],
    cursor: { sync: { key: 'run', setSeries: false }, points: { size: 7 }, drag: { x: true, y: false } },
    scales: { x: { time: false }, y: isLogarithmic ? logarithmic : fromZero },
    axes: [timeAxis, valueAxis(lines[0]!.format, isLogarithmic)],
    bands: isFilled ? [{ series: [band.to, band.from], fill: () => color(`${band.tone}-fill`) }] : [],
    hooks: {
      drawClear: [
        (chart) => shade(chart, newest()),
        (chart) => {
          const { heatMap } = newest();
          if (heatMap && isLogarithmic) drawHeatMap(chart, heatMap);
        },
      ],
      draw: [
        (chart) => drawAnnotations(chart, newest().marks.annotations),
        (chart) => drawLimits(chart, newest().marks.limits),
      ],
    },
    series: [
      { label: 'Time', value: (chart, at: number | null) => clockOf(at ?? chart.data[0].at(-1)) },
      ...lines.map(seriesOf),
    ],
  };
}

/** The time that the legend shows: at the cursor, or of the newest point. */
function clockOf(second: number | undefined): string {
  return second === undefined ? '–' : formatClock(second);
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

function shade(chart: uPlot, { marks, stepSeconds }: ChartModel): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.fillStyle = color('partial');
  for (const second of marks.shaded) {
    const from = Math.max(bbox.left, chart.valToPos(second - stepSeconds / 2, 'x', true));
    const to = Math.min(bbox.left + bbox.width, chart.valToPos(second + stepSeconds / 2, 'x', true));
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
  const shown = annotations.filter(({ at }) => at >= min && at <= max);
  for (const { at } of shown) strokeLine(ctx, chart.valToPos(at, 'x', true), bbox.top, 0, bbox.height);
  beginText(ctx, 'left');
  const placed = placeAnnotations(shown, {
    left: bbox.left,
    right: bbox.left + bbox.width,
    at: (second) => chart.valToPos(second, 'x', true),
    widthOf: (text) => ctx.measureText(text).width,
  });
  for (const { text, left } of placed)
    writeText(ctx, text, 'violet', left, bbox.top + bbox.height - 8 * devicePixelRatio);
  ctx.restore();
}

function drawLimits(chart: uPlot, limits: Marks['limits']): void {
  const { ctx, bbox } = chart;
  const { max = 0 } = chart.scales['y'] as { max?: number };
  ctx.save();
  ctx.setLineDash([2, 3]);
  const placed = placeLimits(limits, {
    edge: bbox.top,
    top: max,
    at: (value) => chart.valToPos(value, 'y', true),
    fontSize: FONT_PX * devicePixelRatio,
  });
  for (const { line, isBroken } of placed) {
    if (line === undefined) continue;
    ctx.strokeStyle = color(isBroken ? 'red' : 'good');
    strokeLine(ctx, bbox.left, line, bbox.width, 0);
  }
  beginText(ctx, 'right');
  for (const { text, isBroken, base } of placed)
    writeText(ctx, text, isBroken ? 'red' : 'good', bbox.left + bbox.width - 4 * devicePixelRatio, base);
  ctx.restore();
}

function beginText(ctx: CanvasRenderingContext2D, align: CanvasTextAlign): void {
  ctx.setLineDash([]);
  ctx.font = `${FONT_PX * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = align;
}

/** Writes a text that can be read over lines and the heat map. */
function writeText(ctx: CanvasRenderingContext2D, text: string, tone: string, x: number, y: number): void {
  ctx.lineWidth = 3 * devicePixelRatio;
  ctx.lineJoin = 'round';
  ctx.strokeStyle = color('card');
  ctx.strokeText(text, x, y);
  ctx.fillStyle = color(tone);
  ctx.fillText(text, x, y);
}

function strokeLine(ctx: CanvasRenderingContext2D, x: number, y: number, right: number, down: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + right, y + down);
  ctx.stroke();
}
