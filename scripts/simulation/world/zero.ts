// Sets the monotonic clock to 0 while the code under test loads. Must be imported before that code,
// which measures the clock's origin once. With any other origin, runs of one schedule would differ.
const bigint = process.hrtime.bigint.bind(process.hrtime);
const now = performance.now.bind(performance);
process.hrtime.bigint = () => 0n;
performance.now = () => 0;

/** Restores the real clocks. Must be called after the code under test has been loaded. */
export function restoreClocks(): void {
  process.hrtime.bigint = bigint;
  performance.now = now;
}
