// Imported before the code under test, which measures once, while it is loaded, how far the machine's monotonic clock is ahead of the
// process's own. In the simulation it is not, or no two runs of one schedule were the same.
const bigint = process.hrtime.bigint.bind(process.hrtime);
const now = performance.now.bind(performance);
process.hrtime.bigint = () => 0n;
performance.now = () => 0;

/** Call it when the code under test has been loaded. */
export function letClocksGo(): void {
  process.hrtime.bigint = bigint;
  performance.now = now;
}
