import type uPlot from 'uplot';
import { formatClock } from '../format.js';
import { logRange, logTicks, tickText, timeTicks, topOf, valueTicks } from './scales.js';

/** A color of the style sheet, which has one set for light and one for dark. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const AXIS: uPlot.Axis = {
  stroke: () => color('muted'),
  grid: { stroke: () => color('grid'), width: 1 },
  ticks: { show: false },
  font: '12px system-ui, sans-serif',
};
const PX_PER_TIME = 75;
const PX_PER_VALUE = 40;

/** The time since the start of the run. */
export const timeAxis: uPlot.Axis = {
  ...AXIS,
  values: (_, splits) => splits.map(formatClock),
  splits: ({ bbox }, _, low, high) => timeTicks(low, high, cssPx(bbox.width) / PX_PER_TIME),
  size: 32,
  // Below the lowest label of the other axis.
  gap: 10,
};

export function valueAxis(format: (value: number) => string, isLogarithmic: boolean): uPlot.Axis {
  return {
    ...AXIS,
    values: (_, splits) => splits.map((value) => (value === null ? '' : tickText(value, format))),
    splits: ({ bbox }, _, low, high) =>
      isLogarithmic ? logTicks(low, high) : valueTicks(high, cssPx(bbox.height) / PX_PER_VALUE),
    size: 64,
  };
}

/** Logarithmic, with some room around the values. */
export const logarithmic: uPlot.Scale = { distr: 3, range: (_, low, high) => logRange(low, high) };

/** From 0 to slightly above the highest value. */
export const fromZero: uPlot.Scale = { range: (_, __, high) => [0, topOf(high)] };

function cssPx(canvasPx: number): number {
  return canvasPx / devicePixelRatio;
}
