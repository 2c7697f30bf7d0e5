import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { LaneVitals } from './lane-protocol.js';
import { monotonicMs } from '@drumline/wire/monotonic';

/** Interval of the delay measurement, milliseconds. Lateness beyond it is loop delay. */
const RESOLUTION_MS = 10;
/** Timers are late by up to about this much when nothing delays them. */
const USUAL_MS = 2;

/** Starts measuring this process. Each call of the result returns the vitals since the last one. */
export function watchVitals(): () => Omit<LaneVitals, 'users' | 'positions'> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let lastMs = monotonicMs();
  let lastCpu = process.cpuUsage();
  let lastLoop = performance.eventLoopUtilization();
  let memoryBytes = 0;
  return () => {
    const nowMs = monotonicMs();
    const cpu = process.cpuUsage(lastCpu);
    const elapsedMs = Math.max(1, nowMs - lastMs);
    const loop = performance.eventLoopUtilization();
    // After the machine was suspended, the difference of two readings may be out of range.
    const busy = Math.min(1, Math.max(0, performance.eventLoopUtilization(loop, lastLoop).utilization || 0));
    lastLoop = loop;
    const loopDelayMs = delay.count > 0 ? Math.max(0, delay.max / 1e6 - RESOLUTION_MS) : 0;
    const longDelaysMs = longDelaysIn(delay);
    delay.reset();
    lastMs = nowMs;
    lastCpu = process.cpuUsage();
    return {
      cpu: Math.max(0, cpu.user + cpu.system) / 1_000 / elapsedMs,
      busy,
      memoryBytes: (memoryBytes = residentBytes() ?? memoryBytes),
      loopDelayMs,
      longDelaysMs,
    };
  };
}

/** The delays that a histogram has, rounded up as its percentiles are. */
function longDelaysIn({ percentiles, count }: IntervalHistogram): number[] {
  const delays: number[] = [];
  let counted = 0;
  for (const [percentile, ns] of percentiles) {
    const upTo = Math.round((percentile / 100) * count);
    const delayMs = ns / 1e6 - RESOLUTION_MS;
    if (delayMs > USUAL_MS) delays.push(...Array<number>(upTo - counted).fill(delayMs));
    counted = upTo;
  }
  return delays;
}

/** @returns undefined if it cannot be read: Linux needs a free file descriptor for it */
function residentBytes(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch {
    return undefined;
  }
}
