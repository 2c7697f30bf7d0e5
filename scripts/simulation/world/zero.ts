// Must be imported before the code under test. That code measures the origin of the machine's
// monotonic clock once, while it loads. In the simulation the origin must be 0, or runs of one
// schedule would differ.
const bigint = process.hrtime.bigint.bind(process.hrtime);
const now = performance.now.bind(performance);
process.hrtime.bigint = () => 0n;
performance.now = () => 0;

/** Must be called after the code under test has been loaded. */
export function letClocksGo(): void {
  process.hrtime.bigint = bigint;
  performance.now = now;
}
