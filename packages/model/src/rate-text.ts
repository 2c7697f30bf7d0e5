import { parseDuration, type Millis } from './units.js';

/**
 * A number of starts per time: `'200/s'`, `'1200/m'`, `'50/h'`, or per several units, as in
 * `'3/20s'`.
 */
export type LoadRate = `${number}/${'' | number}${'s' | 'm' | 'h'}`;

/** The highest rate, per second. A higher one is a mistake. */
export const MAX_RATE_PER_SECOND = 10_000_000;

const RATE = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*\/\s*(\d+(?:\.\d+)?|\.\d+)?\s*(ms|s|m|h)\s*$/;

/**
 * Parses a rate.
 * @returns starts per second
 * @throws RangeError that quotes the text and shows valid ones
 */
export function parseRate(value: string): number {
  // JavaScript authors have no compiler, so the value may be of any type.
  const text = String(value as unknown);
  const [, count, per = '1', unit] = RATE.exec(text) ?? [];
  const perMs: Millis = count === undefined ? 0 : parseDuration(`${per}${unit}`);
  const perSecond = perMs > 0 ? (Number(count) * 1_000) / perMs : Number.NaN;
  if (!(perSecond >= 0)) throw new RangeError(`'${text}' is not a rate${whatWasMeant(text)}`);
  if (perSecond <= MAX_RATE_PER_SECOND) return perSecond;
  throw new RangeError(
    `'${text}' is more than the highest rate, ${MAX_RATE_PER_SECOND / 1e6} million per second`,
  );
}

/** Units that others write, for the suggestion in the error. */
const LONG_UNITS: Readonly<Record<string, 's' | 'm' | 'h'>> = {
  rps: 's',
  tps: 's',
  qps: 's',
  sec: 's',
  second: 's',
  rpm: 'm',
  min: 'm',
  minute: 'm',
  rph: 'h',
  hour: 'h',
};

/** Suggests a valid spelling of `200`, `200 rps` or `200 per second`. */
function whatWasMeant(text: string): string {
  const bare = text.trim().toLowerCase();
  if (/^\d+(?:\.\d+)?$/.test(bare)) return `: it has no unit; write ${bare}/s for ${bare} per second`;
  const [, count, word = ''] = /^(\d+(?:\.\d+)?)\s*(?:\/|per)?\s*([a-z]+?)s?$/.exec(bare) ?? [];
  const unit = Object.hasOwn(LONG_UNITS, word) ? LONG_UNITS[word] : LONG_UNITS[`${word}s`];
  return unit === undefined
    ? ': write, for example, 200/s, 1200/m, 50/h or 3/20s'
    : `: write ${count}/${unit}`;
}

/** Formats a rate in the unit that suits it: `200/s`, `12.5/s`, `9/m`, `50/h`. */
export function formatLoadRate(perSecond: number): string {
  if (perSecond === 0) return '0/s';
  const units = [
    ['s', 1],
    ['m', 60],
    ['h', 3_600],
  ] as const;
  const near = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6 * value;
  const [unit, factor] =
    perSecond >= 1
      ? units[0]
      : (units.find(([, each]) => perSecond * each >= 1 && near(perSecond * each)) ??
        units.find(([, each]) => perSecond * each >= 1) ??
        units[2]);
  const value = perSecond * factor;
  return `${Number(near(value) ? Math.round(value) : value.toPrecision(4)).toLocaleString('en-US')}/${unit}`;
}
