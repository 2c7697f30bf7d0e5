/** Response times of a second in one band. */
export interface BandCount {
  readonly band: number;
  readonly count: number;
}

/**
 * Counts by band as text: `FIRST:COUNT,COUNT,…` from the first to the last band with a count.
 * @param counts by band; a missing one is 0
 * @returns undefined if there are none
 */
export function writeBands(counts: readonly (number | undefined)[]): string | undefined {
  const all = Array.from(counts, (count) => count ?? 0);
  const first = all.findIndex((count) => count > 0);
  if (first < 0) return undefined;
  const last = all.findLastIndex((count) => count > 0);
  return `${first}:${all.slice(first, last + 1).join(',')}`;
}

/** Reads the text of `writeBands`. Empty bands are left out. */
export function readBands(text: string | undefined): BandCount[] {
  const [first, counts] = (text ?? '').split(':');
  if (counts === undefined) return [];
  return counts
    .split(',')
    .map((count, index) => ({ band: Number(first) + index, count: Number(count) }))
    .filter(({ count }) => count > 0);
}
