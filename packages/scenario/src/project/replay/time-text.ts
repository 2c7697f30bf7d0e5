/** Larger numbers are milliseconds since 1970: as seconds, they would be after the year 5000. */
const MIN_EPOCH_MS = 1e11;

/** `2026-01-31T12:00:00.123Z`, also with a space, a comma or without a zone. */
const ISO = /^\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s?(Z|[+-]\d\d:?\d\d)?/;
/** `31/Jan/2026:12:00:00 +0100`, as web servers write it. */
const ACCESS_LOG = /\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s,;]|$)/;

/**
 * The time of a text, in milliseconds; undefined if it has none. Numbers stand at its beginning,
 * dates too, unless they are those of an access log.
 * @param unit of numbers
 */
export function timeOfText(text: string, unit: 's' | 'ms' | undefined): number | undefined {
  const trimmed = text.trim();
  const [number] = NUMBER.exec(trimmed) ?? [];
  if (number !== undefined) return timeOfNumber(Number(number), unit);
  const iso = ISO.exec(trimmed);
  if (iso) {
    const [, date, time, fraction = '0', zone = 'Z'] = iso;
    return dateMs(`${date}T${time}${zone}`, Number(`0.${fraction}`) * 1_000);
  }
  const log = ACCESS_LOG.exec(trimmed);
  if (log) {
    const [, day, month, year, time, zone] = log;
    return dateMs(`${day} ${month} ${year} ${time} ${zone}`, 0);
  }
  return undefined;
}

/** A number as a time in milliseconds. */
export function timeOfNumber(number: number, unit: 's' | 'ms' | undefined): number {
  return unit === 'ms' || (unit === undefined && number >= MIN_EPOCH_MS) ? number : number * 1_000;
}

function dateMs(text: string, fractionMs: number): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms + fractionMs;
}
