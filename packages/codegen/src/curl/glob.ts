/** The URLs of a pattern with `{a,b}` or `[1-3]`. */
export interface ExpandedUrls {
  readonly urls: readonly string[];
  /** Number of URLs beyond the limit. */
  readonly leftOut: number;
}

const MOST_URLS = 100;

/** `[1-10]`, `[001-100:10]`, `[a-z]` or `{one,two}`. Other brackets are literal. */
const PATTERN = /\{([^{}]*)\}|\[(?:(\d+)-(\d+)|([a-z])-([a-z])|([A-Z])-([A-Z]))(?::(\d+))?\]/;

/** Expands the patterns of a URL in curl's order: the last pattern changes fastest. */
export function expandGlobs(url: string): ExpandedUrls {
  const found = PATTERN.exec(url);
  if (found === null) return { urls: [url.replaceAll(/\\([{}[\]])/g, '$1')], leftOut: 0 };
  const [before, after] = [url.slice(0, found.index), url.slice(found.index + found[0].length)];
  const rest = expandGlobs(after);
  const values = valuesOf(found);
  const urls = values.flatMap((value) => rest.urls.map((end) => before + value + end));
  const all = values.length * (rest.urls.length + rest.leftOut);
  const kept = urls.slice(0, MOST_URLS);
  return { urls: kept, leftOut: all - kept.length };
}

function valuesOf([
  ,
  set,
  from,
  to,
  lowerFrom,
  lowerTo,
  upperFrom,
  upperTo,
  step = '1',
]: RegExpExecArray): string[] {
  if (set !== undefined) return set.split(',');
  const by = Math.max(1, Number(step));
  if (from !== undefined) {
    const width = from.startsWith('0') ? from.length : 0;
    return range(Number(from), Number(to), by).map((number) => String(number).padStart(width, '0'));
  }
  const [first, last] = [lowerFrom ?? upperFrom!, lowerTo ?? upperTo!];
  return range(first.codePointAt(0)!, last.codePointAt(0)!, by).map((code) => String.fromCodePoint(code));
}

function range(from: number, to: number, by: number): number[] {
  const length = Math.max(0, Math.floor((to - from) / by) + 1);
  return Array.from({ length: Math.min(length, 10_000) }, (_, index) => from + index * by);
}
