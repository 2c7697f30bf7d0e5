import type { Tally } from './load.js';
import type { SimulatedWorker } from './simulated-worker.js';

const TICK_MS = 10;
const TICKS_PER_SECOND = 1_000 / TICK_MS;

/**
 * Calls the workers at their times with one timer. They are spread evenly over the interval, and
 * report half a second after their heartbeats.
 */
export function schedule(
  workers: readonly SimulatedWorker[],
  reportEverySeconds: number,
  tally: Tally,
): NodeJS.Timeout {
  const ticksPerReport = TICKS_PER_SECOND * reportEverySeconds;
  const beats = slots(workers, TICKS_PER_SECOND, 0);
  const reports = slots(workers, ticksPerReport, TICKS_PER_SECOND / 2);
  const startedMs = performance.now();
  let tick = 0;
  return setInterval(() => {
    const passedMs = performance.now() - startedMs;
    tally.lateMs.push(Math.max(0, passedMs - (tick + 1) * TICK_MS));
    for (const due = Math.floor(passedMs / TICK_MS); tick < due; tick += 1) {
      for (const worker of beats[tick % TICKS_PER_SECOND]!) {
        worker.join();
        worker.beat();
      }
      for (const worker of reports[tick % ticksPerReport]!) worker.report();
    }
  }, TICK_MS);
}

function slots(workers: readonly SimulatedWorker[], count: number, shift: number): SimulatedWorker[][] {
  const all = Array.from({ length: count }, (): SimulatedWorker[] => []);
  workers.forEach((worker, index) =>
    all[(Math.floor((index / workers.length) * count) + shift) % count]!.push(worker),
  );
  return all;
}
