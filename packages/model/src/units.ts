/** Milliseconds, as a plain number. */
export type Millis = number;

/**
 * A length of time: a number of milliseconds, or a string with a unit, such as `'250ms'`, `'2s'`,
 * `'1.5m'` or `'1h'`.
 */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h'}`;

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Parses a duration, including compound ones such as `1h30m`.
 * @returns milliseconds
 * @throws RangeError that quotes the text and shows valid ones
 */
export function parseDuration(value: number | string): Millis {
  if (typeof value === 'number') {
    if (Number.isFinite(value) && value >= 0) return value;
    throw new RangeError(`${value} is not a duration: use a number of milliseconds of at least 0`);
  }
  // JavaScript authors have no compiler, so the value may be of any type.
  const text = String(value as unknown);
  const parts = [...text.matchAll(/\s*(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|m|h)\s*/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) {
    throw new RangeError(`'${value}' is not a duration${whatWasMeant(text)}`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit!]!, 0);
}

/** Longer spellings of the units, for the suggestion in the error. */
const LONG_UNITS: readonly (readonly [RegExp, string])[] = [
  [/(?:milliseconds?|msecs?|millis?)\b/gi, 'ms'],
  [/(?:seconds?|secs?)\b/gi, 's'],
  [/(?:minutes?|mins?)\b/gi, 'm'],
  [/(?:hours?|hrs?)\b/gi, 'h'],
];

/** Suggests a valid spelling. A number without a unit is ambiguous, so both units are named. */
function whatWasMeant(text: string): string {
  const bare = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(bare))
    return `: it has no unit; write ${bare}s for seconds or ${bare}m for minutes`;
  const short = LONG_UNITS.reduce((rest, [long, unit]) => rest.replaceAll(long, unit), bare.toLowerCase());
  const isOne = short !== bare && /^(?:\s*(?:\d+(?:\.\d+)?)\s*(?:ms|s|m|h)\s*)+$/.test(short);
  return isOne ? `: write ${short.replaceAll(' ', '')}` : ': write, for example, 500ms, 30s, 5m or 1h30m';
}

/** Formats a duration: `450ms`, `12s`, `1m30s`, `2h`. */
export function formatDuration(ms: Millis): string {
  if (!Number.isFinite(ms)) return 'forever';
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 59_950) return `${Math.round(ms / 100) / 10}s`;
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}${rest > 0 ? `${rest}s` : ''}`;
}

/**
 * Formats a limit in bytes, in binary units if it is a whole number of them: `64 MiB`, `10.0 kB`.
 */
export function formatByteLimit(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const power = units.findLastIndex((_, index) => bytes % 1024 ** (index + 1) === 0);
  return bytes === 0 || power < 0 ? formatBytes(bytes) : `${bytes / 1024 ** (power + 1)} ${units[power]}`;
}

/** Formats bytes in decimal units: `512 B`, `4.2 kB`, `1.3 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${units[unit]}`;
}
