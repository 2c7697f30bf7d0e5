import { ByteWriter } from '../bytes.js';
import { isEmptyHistogram } from '../codec.js';
import type {
  CheckDelta,
  ErrorDelta,
  IntervalDelta,
  RareCounts,
  SeriesDelta,
  WindowDelta,
} from '../delta.js';
import type { PhasesDelta } from '../phases.js';
import type { StatusCount } from '../statuses.js';
import type { KeyDictionary } from './key-dictionary.js';
import type { CountedKey, EncodedCounts, NamedKey } from './keys.js';

/** Parts that most series lack, as bits. */
export const PART = {
  interrupted: 1,
  resends: 2,
  phases: 4,
  errors: 8,
  late: 16,
  service: 32,
  statuses: 64,
} as const;
/** All parts. */
export const ALL_PARTS = 127;

/** Sums of phases are multiples of 1/1024 ms, see `PhasesDelta`. */
export const PHASE_UNITS_PER_MS = 1_024;
/** Times of errors are whole microseconds, see `Recorder`. */
export const US_PER_MS = 1_000;

const writer = new ByteWriter();

/**
 * Encodes deltas. `counts` is a list of seconds until its end. All numbers are varints:
 *
 *     second   second, number of checks, checks, number of series, series, length of the histogram
 *              of coarse times, histogram, number of windows, windows
 *     check    index, passes, fails
 *     series   index, parts (a byte), requests, failures, bytes sent, bytes received,
 *              [interrupted], [resends], [phases], [late in 1/1024 ms], [errors], [statuses],
 *              length of histogram, histogram, [the same of service times]
 *     window   index, seconds before the second, length of histogram, histogram, the same of
 *              service times if they differ
 *     phases   requests, then queued, connect, send, wait, receive in 1/1024 ms
 *     errors   number of errors, errors
 *     error    text, occurrences, first and last time in µs, 1 and example, or 0
 *     statuses number of codes, then code and requests of each
 *
 * A histogram without values has length 0.
 * @returns the counts, and all keys that they use
 */
export function encodeCounts(
  deltas: readonly IntervalDelta[],
  dictionary: KeyDictionary,
): EncodedCounts & { readonly keys: readonly NamedKey[] } {
  dictionary.makeRoom();
  const used = new Map<number, CountedKey>();
  for (const { second, checks, series, coarseLatency, windows = [] } of deltas) {
    if (checks.length + series.length + windows.length === 0 && !coarseLatency) continue;
    writer.varint(second);
    writer.varint(checks.length);
    for (const check of checks) {
      const index = dictionary.checkIndex(check.name);
      used.set(index, check.name);
      writeCheck(index, check);
    }
    writer.varint(series.length);
    for (const one of series) {
      const index = dictionary.seriesIndex(one.key);
      used.set(index, one.key);
      writeSeries(index, one);
    }
    writeHistogram(coarseLatency);
    writer.varint(windows.length);
    for (const window of windows) {
      const index = dictionary.seriesIndex(window.key);
      used.set(index, window.key);
      writeWindow(index, second, window);
    }
  }
  const rest = deltas.filter(hasRareCounts).map(rareCountsOf);
  return {
    dictionary: dictionary.number,
    counts: writer.take(),
    ...(rest.length > 0 && { rest }),
    keys: [...used],
  };
}

function writeCheck(index: number, { passes, fails }: CheckDelta): void {
  writer.varint(index);
  writer.varint(passes);
  writer.varint(fails);
}

function writeSeries(index: number, series: SeriesDelta): void {
  const { interrupted, resends = 0, phases, errors, service, statuses } = series;
  writer.varint(index);
  writer.byte(
    (interrupted > 0 ? PART.interrupted : 0) |
      (resends > 0 ? PART.resends : 0) |
      (phases ? PART.phases : 0) |
      (errors.length > 0 ? PART.errors : 0) |
      (phases?.lateMs !== undefined ? PART.late : 0) |
      (service !== undefined ? PART.service : 0) |
      (statuses !== undefined ? PART.statuses : 0),
  );
  writer.varint(series.requests);
  writer.varint(series.failures);
  // Sums of what user code reports.
  writer.varint(Math.min(series.bytesSent, Number.MAX_SAFE_INTEGER));
  writer.varint(Math.min(series.bytesReceived, Number.MAX_SAFE_INTEGER));
  if (interrupted > 0) writer.varint(interrupted);
  if (resends > 0) writer.varint(resends);
  if (phases) writePhases(phases);
  if (phases?.lateMs !== undefined) writer.varint(Math.round(phases.lateMs * PHASE_UNITS_PER_MS));
  if (errors.length > 0) {
    writer.varint(errors.length);
    errors.forEach(writeError);
  }
  if (statuses !== undefined) writeStatuses(statuses);
  writeHistogram(series.latency);
  if (service !== undefined) writeHistogram(service);
}

function writeWindow(index: number, second: number, window: WindowDelta): void {
  writer.varint(index);
  writer.varint(second - window.fromSecond);
  writeHistogram(window.latency);
  writeHistogram(window.service);
}

function writeHistogram(histogram: Uint8Array | undefined): void {
  if (histogram === undefined || isEmptyHistogram(histogram)) writer.varint(0);
  else writer.bytes(histogram);
}

function writePhases({ requests, queuedMs, connectMs, sendMs, waitMs, receiveMs }: PhasesDelta): void {
  writer.varint(requests);
  for (const ms of [queuedMs, connectMs, sendMs, waitMs, receiveMs]) {
    writer.varint(Math.round(ms * PHASE_UNITS_PER_MS));
  }
}

function writeStatuses(statuses: readonly StatusCount[]): void {
  writer.varint(statuses.length);
  for (const [code, requests] of statuses) {
    writer.varint(code);
    writer.varint(requests);
  }
}

function writeError({ error, example, occurrences, firstSeenAtMs, lastSeenAtMs }: ErrorDelta): void {
  writer.text(error);
  writer.varint(occurrences);
  writer.varint(Math.round(firstSeenAtMs * US_PER_MS));
  writer.varint(Math.round(lastSeenAtMs * US_PER_MS));
  writer.byte(example === undefined ? 0 : 1);
  if (example !== undefined) writer.text(example);
}

function hasRareCounts({ metrics, exceptions, ...rare }: IntervalDelta): boolean {
  const { connections, schedule, failureSamples, spans, unlisted } = rare;
  if (metrics.length > 0 || exceptions.length > 0) return true;
  return [connections, schedule, failureSamples, spans, unlisted].some((one) => one !== undefined);
}

function rareCountsOf(delta: IntervalDelta): RareCounts {
  const { second, metrics, exceptions, connections, schedule, failureSamples, spans, unlisted } = delta;
  return {
    second,
    metrics,
    exceptions,
    ...(connections && { connections }),
    ...(schedule && { schedule }),
    ...(failureSamples && { failureSamples }),
    ...(spans && { spans }),
    ...(unlisted && { unlisted }),
  };
}
