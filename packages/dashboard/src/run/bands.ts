/** Bands of response times as the master counts them: five for each power of ten. */
const FIRST_MS = 0.1;
const BANDS_A_DECADE = 5;

/** Where a band begins, milliseconds. */
export function beginOfBand(band: number): number {
  return FIRST_MS * 10 ** (band / BANDS_A_DECADE);
}

/** Response times of a second in one band. */
export interface BandCount {
  readonly band: number;
  readonly count: number;
}

/** Reads `FIRST:COUNT,COUNT,…`. Empty bands are left out. */
export function readBands(text: string | undefined): BandCount[] {
  const [first, counts] = (text ?? '').split(':');
  if (counts === undefined) return [];
  return counts
    .split(',')
    .map((count, index) => ({ band: Number(first) + index, count: Number(count) }))
    .filter(({ count }) => count > 0);
}
