import type uPlot from 'uplot';
import { beginOfBand, type BandCount } from '../run/bands.js';
import { color } from './axes.js';

/** The response times of each point of a chart, by band. */
export interface HeatMap {
  /** Seconds in each point. */
  readonly stepSeconds: number;
  readonly columns: readonly (readonly BandCount[])[];
}

/** Draws a cell for each second and band: the more response times, the darker. */
export function drawHeatMap(chart: uPlot, { stepSeconds, columns }: HeatMap): void {
  const { ctx, bbox } = chart;
  const { min = 0, max = 0 } = chart.scales['x'] as { min?: number; max?: number };
  const first = Math.max(0, Math.floor(min / stepSeconds));
  const shown = columns.slice(first, Math.ceil(max / stepSeconds) + 1);
  const most = shown.reduce((sum, column) => column.reduce((top, { count }) => Math.max(top, count), sum), 0);
  if (most === 0) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = color('blue');
  shown.forEach((column, index) => {
    const at = (first + index) * stepSeconds;
    const left = chart.valToPos(at - stepSeconds / 2, 'x', true);
    const right = chart.valToPos(at + stepSeconds / 2, 'x', true);
    for (const { band, count } of column) {
      const bottom = chart.valToPos(beginOfBand(band), 'y', true);
      const top = chart.valToPos(beginOfBand(band + 1), 'y', true);
      // A few slow responses among many must be seen.
      ctx.globalAlpha = 0.08 + 0.6 * Math.sqrt(count / most);
      ctx.fillRect(left, top, Math.max(1, right - left), bottom - top);
    }
  });
  ctx.restore();
}
