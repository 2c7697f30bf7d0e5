import { formatDuration, type Millis } from '../units.js';
import type { Diagnosis } from './diagnosis.js';

/** A smaller difference of two clocks is not felt. */
const MOST_CLOCK_MS: Millis = 2_000;

/** The authentication of the worker port of a master; undefined if no master answers there. */
export type WorkerPortKind = 'CURVE' | 'NULL' | undefined;

/** Whether the port is that of a master. */
export function judgeWorkerPort(address: string, kind: WorkerPortKind): Diagnosis {
  const check = 'worker port';
  if (kind === 'CURVE') return { check, grade: 'ok', value: `${address} needs a token, and is encrypted` };
  if (kind === 'NULL') return { check, grade: 'ok', value: `${address} needs no token` };
  return {
    check,
    grade: 'breaks',
    value: `no master answers at ${address}`,
    problem: `${address} does not answer as a master does`,
    remedy: 'check --master: workers use the port of --bind, 5557 by default, not that of the API',
  };
}

/** Whether the wall clock of this machine agrees with that of the master. */
export function judgeClock(
  offset: { readonly leastMs: Millis; readonly mostMs: Millis } | undefined,
): Diagnosis {
  const check = 'clock';
  if (offset === undefined) return { check, grade: 'unknown', value: 'the master does not tell its time' };
  const { leastMs, mostMs } = offset;
  const middleMs = (leastMs + mostMs) / 2;
  const size = Math.abs(middleMs);
  const side = middleMs > 0 ? 'behind' : 'ahead of';
  const accuracy = `± ${formatDuration(Math.max(1, (mostMs - leastMs) / 2))}`;
  const found = {
    check,
    value: `${formatDuration(size)} ${side} the master, ${accuracy}`,
    allows: 'response times use monotonic clocks, so they are right in any case',
  };
  const isFelt = leastMs > MOST_CLOCK_MS || mostMs < -MOST_CLOCK_MS;
  if (!isFelt) return { ...found, grade: 'ok' };
  return {
    ...found,
    grade: 'tight',
    problem:
      'times in logs and sample files of the machines differ, and tokens and certificates may be refused',
    remedy: 'timedatectl set-ntp true',
  };
}

/**
 * Narrows the difference between two clocks by the time in one answer, which is cut to seconds.
 * @param before what is known by earlier answers
 * @param secondMs the time in the answer, milliseconds since the epoch
 * @returns how far this clock is behind the other, at least and at most
 */
export function narrowOffset(
  before: { readonly leastMs: Millis; readonly mostMs: Millis } | undefined,
  secondMs: number,
  sentAtMs: number,
  receivedAtMs: number,
): { leastMs: Millis; mostMs: Millis } {
  const own = { leastMs: secondMs - receivedAtMs, mostMs: secondMs + 1_000 - sentAtMs };
  if (before === undefined) return own;
  const both = {
    leastMs: Math.max(before.leastMs, own.leastMs),
    mostMs: Math.min(before.mostMs, own.mostMs),
  };
  // A clock that was set in between: the newest answer counts.
  return both.leastMs <= both.mostMs ? both : own;
}
