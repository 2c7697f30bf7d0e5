import type uPlot from 'uplot';
import { beginOfBand } from '../run/bands.js';
import { color } from './axes.js';
import type { HeatMap } from './model.js';
import { partsOf } from './reduce.js';

/** Draws a cell for each second and band: the more response times, the darker. */
export function drawHeatMap(chart: uPlot, { stepSeconds, columns }: HeatMap): void {
  const { ctx, bbox } = chart;
  const { min = 0, max = 0 } = chart.scales['x'] as { min?: number; max?: number };
  const first = Math.max(0, Math.floor(min / stepSeconds));
  const shown = columns.slice(first, Math.ceil(max / stepSeconds) + 1);
  const most = mostIn(shown);
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
      ctx.globalAlpha = opacityOf(count, most);
      ctx.fillRect(left, top, Math.max(1, right - left), bottom - top);
    }
  });
  ctx.restore();
}

function mostIn(columns: HeatMap['columns']): number {
  return columns.reduce((sum, column) => column.reduce((top, { count }) => Math.max(top, count), sum), 0);
}

/** A few slow responses among many must be seen. */
function opacityOf(count: number, most: number): number {
  return 0.08 + 0.6 * Math.sqrt(count / most);
}

/** Cells of one opacity. Times are seconds since the start. */
interface Shade {
  readonly opacity: number;
  readonly cells: readonly { readonly from: number; readonly to: number; readonly band: number }[];
}

const PICTURE_COLUMNS = 90;
const PICTURE_SHADES = 6;

/** The heat map of a picture: fewer columns, and few opacities, so that it stays small. */
export function cellsOf({ stepSeconds, columns }: HeatMap): Shade[] {
  const parts = partsOf(columns.length, Math.min(PICTURE_COLUMNS, columns.length)).map(([from, to]) => {
    const counts = new Map<number, number>();
    for (const column of columns.slice(from, to))
      for (const { band, count } of column) counts.set(band, (counts.get(band) ?? 0) + count);
    return { from: (from - 0.5) * stepSeconds, to: (to - 0.5) * stepSeconds, counts };
  });
  const most = parts.reduce((top, { counts }) => Math.max(top, ...counts.values()), 0);
  const shades = new Map<number, { from: number; to: number; band: number }[]>();
  for (const { from, to, counts } of parts)
    for (const [band, count] of counts) {
      const opacity = Math.round(opacityOf(count, most) * PICTURE_SHADES) / PICTURE_SHADES || 0.08;
      shades.set(opacity, [...(shades.get(opacity) ?? []), { from, to, band }]);
    }
  return [...shades].map(([opacity, cells]) => ({ opacity: Math.round(opacity * 100) / 100, cells }));
}
