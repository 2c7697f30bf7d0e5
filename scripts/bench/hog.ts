// Keeps a CPU busy until its parent ends. Started by trust.ts.
process.on('disconnect', () => process.exit());
function work(): void {
  const until = performance.now() + 50;
  while (performance.now() < until);
  setImmediate(work);
}
work();
