import uPlot from 'uplot';
import { formatClock } from '../format.js';

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
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];

/** The time since the start of the run. */
export const timeAxis: uPlot.Axis = {
  ...AXIS,
  values: (_, splits) => splits.map(formatClock),
  space: 70,
  size: 30,
  incrs: TIME_STEPS,
};

export function valueAxis(format: (value: number) => string): uPlot.Axis {
  return {
    ...AXIS,
    values: (_, splits) => splits.map((value) => (value === null ? '' : format(value))),
    size: 64,
  };
}

/** Logarithmic, with some room around the values. */
export const logarithmic: uPlot.Scale = {
  distr: 3,
  range: (_, low, high) => [Math.max(0.1, low / 1.6), Math.max(1, high * 1.6)],
};

/** From 0 to slightly above the highest value, also if all values are 0. */
export const fromZero: uPlot.Scale = {
  range: (_, __, high) => {
    const limits = { min: {}, max: { pad: 0.08, soft: 0, mode: 0 } } as const;
    return [0, uPlot.rangeNum(0, high > 0 ? high : 1, limits as unknown as uPlot.Range.Config)[1]!];
  },
};
