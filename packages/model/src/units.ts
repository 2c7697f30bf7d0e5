/** Milliseconds, as a plain number. */
export type Millis = number;

/**
 * A length of time: a number of milliseconds, or a text with a unit, such as `'250ms'`, `'2s'`,
 * `'1.5m'` or `'1h'`.
 */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h'}`;

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Reads a duration; also compound ones (`1h30m`) as they come from a command line.
 * @returns milliseconds
 * @throws RangeError that quotes the text and shows what is understood
 */
export function parseDuration(value: number | string): Millis {
  if (typeof value === 'number') {
    if (Number.isFinite(value) && value >= 0) return value;
    throw new RangeError(`${value} is not a duration: a number of milliseconds of at least 0 is needed`);
  }
  // JavaScript authors have no compiler: whatever it is, it is quoted below.
  const text = String(value as unknown);
  const parts = [...text.matchAll(/\s*(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|m|h)\s*/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) {
    throw new RangeError(`'${value}' is not a duration${whatWasMeant(text)}`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit!]!, 0);
}

/** Units as people write them elsewhere. */
const LONG_UNITS: readonly (readonly [RegExp, string])[] = [
  [/(?:milliseconds?|msecs?|millis?)\b/gi, 'ms'],
  [/(?:seconds?|secs?)\b/gi, 's'],
  [/(?:minutes?|mins?)\b/gi, 'm'],
  [/(?:hours?|hrs?)\b/gi, 'h'],
];

/**
 * A number without a unit means seconds to some and milliseconds to others, so it is not guessed.
 */
function whatWasMeant(text: string): string {
  const bare = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(bare))
    return `: it has no unit; write ${bare}s for seconds or ${bare}m for minutes`;
  const short = LONG_UNITS.reduce((rest, [long, unit]) => rest.replaceAll(long, unit), bare.toLowerCase());
  const isOne = short !== bare && /^(?:\s*(?:\d+(?:\.\d+)?)\s*(?:ms|s|m|h)\s*)+$/.test(short);
  return isOne ? `: write ${short.replaceAll(' ', '')}` : ': write for example 500ms, 30s, 5m or 1h30m';
}

/** A duration as people read it: `450ms`, `12s`, `1m30s`, `2h`. */
export function formatDuration(ms: Millis): string {
  if (!Number.isFinite(ms)) return 'for ever';
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 59_950) return `${Math.round(ms / 100) / 10}s`;
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${rest > 0 ? `${rest}s` : ''}`;
}

/** Bytes in decimal units: `512 B`, `4.2 kB`, `1.3 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}
