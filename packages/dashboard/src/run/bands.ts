/** Bands of response times as the master counts them: five for each power of ten. */
const FIRST_MS = 0.1;
const BANDS_A_DECADE = 5;

/** Where a band begins, milliseconds. */
export function beginOfBand(band: number): number {
  return FIRST_MS * 10 ** (band / BANDS_A_DECADE);
}
