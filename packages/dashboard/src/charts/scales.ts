/** Scales and ticks of the charts, the same for uPlot and for SVG. */

const STEPS = [1, 2, 2.5, 5, 10];
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];
const ROOM = 1.08;
const LOG_ROOM = 1.6;
const LOWEST_MS = 0.1;

/** The upper end of a scale from 0: slightly above the highest value, also if all values are 0. */
export function topOf(high: number): number {
  return high > 0 ? high * ROOM : 1;
}

/** The ends of a logarithmic scale, with some room around the values. */
export function logRange(low: number, high: number): [low: number, high: number] {
  return [Math.max(LOWEST_MS, low / LOG_ROOM), Math.max(1, high * LOG_ROOM)];
}

/** Round values from 0 to the top, at most about `count`. */
export function valueTicks(top: number, count: number): number[] {
  const rough = top / count;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = magnitude * STEPS.find((one) => one * magnitude >= rough)!;
  return upTo(0, top, step);
}

/** The powers of ten between the ends. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
}

/** Round times of the run, at most about `count`. */
export function timeTicks(from: number, to: number, count: number): number[] {
  const step = TIME_STEPS.find((one) => (to - from) / one <= count) ?? TIME_STEPS.at(-1)!;
  return upTo(Math.ceil(from / step) * step, to, step);
}

/** The text of a tick, without zeros at its end: `10 ms` for `10.0 ms`. */
export function tickText(value: number, format: (value: number) => string): string {
  return format(value).replace(/(\.\d*?)0+(?!\d)/, (_, digits: string) => (digits === '.' ? '' : digits));
}

function upTo(first: number, last: number, step: number): number[] {
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  // The product of decimals is not exact: 3 × 0.1.
  return Array.from({ length: Math.max(0, count) }, (_, index) =>
    Number((first + index * step).toPrecision(12)),
  );
}
