import type { TapSecond } from '@drumline/wire';

/**
 * The layout of the shared memory. All numbers are little-endian and have 8 bytes: `u64` are whole
 * numbers, `f64` are IEEE 754. Texts are UTF-8 and end with a zero byte.
 *
 * Whatever changes has a lock before it. It is odd while its part is written. A reader copies the
 * part, and has it whole if the lock was even before and is the same after.
 */
export const MAGIC = 'DRUMTAP1';
export const LAYOUT_VERSION = 1;

/** A field of a part, 8 bytes. */
interface Field<T> {
  readonly name: string;
  readonly type: 'u64' | 'f64';
  readonly text: string;
  readonly of: (from: T) => number;
}

/** The state of the run in the header. */
export const RUN_STATES = { running: 1, ended: 2, closed: 3 } as const;

/** Offsets in the header. */
export const HEADER = {
  magic: 0,
  version: 8,
  bytes: 16,
  /** Where the slots of seconds are. */
  slotsAt: 24,
  slots: 32,
  slotBytes: 40,
  /** Where the areas of JSON are, and the most bytes of their JSON. */
  secondAt: 48,
  secondCapacity: 56,
  detailAt: 64,
  detailCapacity: 72,
  endAt: 80,
  endCapacity: 88,
  /** Protects what follows. */
  lock: 128,
  state: 136,
  writerPid: 144,
  updatedAtMs: 152,
  /** The newest second in a slot, plus 1; 0 if there is none. */
  secondsWritten: 160,
  startedAtMs: 168,
  runId: 192,
  scenario: 256,
} as const;
export const RUN_ID_BYTES = 64;
export const SCENARIO_BYTES = 256;
/** The part of the header that its lock protects, without the lock. */
export const RUN_PART = { from: HEADER.state, to: HEADER.scenario + SCENARIO_BYTES } as const;
export const HEADER_BYTES = 4_096;

/** Seconds that are kept: second `n` is in slot `n % SLOTS`. */
export const SLOTS = 64;
export const SLOT_BYTES = 512;

const whole = (name: string, text: string, of: (second: TapSecond) => number): Field<TapSecond> => ({
  name,
  type: 'u64',
  text,
  of,
});
const decimal = (name: string, text: string, of: (second: TapSecond) => number): Field<TapSecond> => ({
  name,
  type: 'f64',
  text,
  of,
});

/** The fields of a slot in order. The first follows its lock, so it is at offset 8. */
export const SLOT_FIELDS: readonly Field<TapSecond>[] = [
  whole('seq', 'number of the record; 0 if the slot is unused', ({ seq }) => seq),
  whole('second', 'whole seconds since the start of the run', ({ second }) => second),
  whole('at_ms', 'start of the second, milliseconds since 1970', ({ at }) => Date.parse(at)),
  whole('requests', '', ({ totals }) => totals.requests),
  whole('failures', '', ({ totals }) => totals.failures),
  whole('interrupted', '', ({ totals }) => totals.interrupted),
  whole('bytes_sent', '', ({ totals }) => totals.bytesSent),
  whole('bytes_received', '', ({ totals }) => totals.bytesReceived),
  decimal(
    'min_ms',
    'response times in milliseconds; 0 if there are none',
    ({ totals }) => totals.latencyMs.min,
  ),
  decimal('mean_ms', '', ({ totals }) => totals.latencyMs.mean),
  decimal('p50_ms', '', ({ totals }) => totals.latencyMs.p50),
  decimal('p90_ms', '', ({ totals }) => totals.latencyMs.p90),
  decimal('p95_ms', '', ({ totals }) => totals.latencyMs.p95),
  decimal('p99_ms', '', ({ totals }) => totals.latencyMs.p99),
  decimal('p99_9_ms', '', ({ totals }) => totals.latencyMs.p99_9),
  decimal('max_ms', '', ({ totals }) => totals.latencyMs.max),
  whole('users', 'running users', ({ users }) => users),
  whole('planned_users', '', ({ plannedUsers }) => plannedUsers),
  decimal('planned_rate', 'starts per second; NaN without a rate', ({ plannedRate }) => plannedRate ?? NaN),
  whole('cut_off_users', 'users that may run on unreachable workers', ({ cutOffUsers }) => cutOffUsers),
  whole('workers_present', '', ({ workers }) => workers.present),
  whole('workers_missing', '', ({ workers }) => workers.missing),
  decimal(
    'busiest_lane',
    'part of the time in which it was not idle, 0 to 1',
    ({ busiestLane }) => busiestLane,
  ),
  whole('starts', 'arrivals and iterations that began', ({ totals }) => totals.starts?.started ?? 0),
  whole('starts_late', 'those of them that began late', ({ totals }) => totals.starts?.late ?? 0),
  whole('starts_dropped', 'refused by the limit of users', ({ totals }) => totals.starts?.dropped ?? 0),
  whole('failed_checks', '', ({ totals }) => totals.failedChecks),
  whole('exceptions', '', ({ totals }) => totals.exceptions),
  whole('series', 'the number of series in the JSON', ({ series }) => series.length),
  whole('late_requests', 'gained by earlier seconds', ({ late }) => late?.totals.requests ?? 0),
  whole('late_failures', '', ({ late }) => late?.totals.failures ?? 0),
  whole('sum_from_second', 'the first second of the sums', ({ sum }) => sum.fromSecond),
  whole('sum_requests', 'since then, with what was late', ({ sum }) => sum.requests),
  whole('sum_failures', '', ({ sum }) => sum.failures),
  whole('sum_interrupted', '', ({ sum }) => sum.interrupted),
  whole('sum_bytes_sent', '', ({ sum }) => sum.bytesSent),
  whole('sum_bytes_received', '', ({ sum }) => sum.bytesReceived),
];

/** Offsets in an area of JSON. */
export const AREA = {
  lock: 0,
  /** Number of the record; 0 if there is none. */
  seq: 8,
  second: 16,
  /** Bytes of the JSON; 0 if it does not fit. */
  length: 24,
  /** Bytes that the record has. */
  needed: 32,
  json: 64,
} as const;

/** An area of JSON. */
export interface AreaPlace {
  readonly at: number;
  readonly capacity: number;
}

/** The places of all parts. */
export interface ShmPlaces {
  readonly slotsAt: number;
  readonly second: AreaPlace;
  readonly detail: AreaPlace;
  readonly end: AreaPlace;
  readonly bytes: number;
}

/** @param capacity the most bytes of a record of a second; others may have four times as many */
export function placesFor(capacity: number): ShmPlaces {
  const slotsAt = HEADER_BYTES;
  const second = { at: slotsAt + SLOTS * SLOT_BYTES, capacity };
  const detail = { at: second.at + AREA.json + capacity, capacity: 4 * capacity };
  const end = { at: detail.at + AREA.json + detail.capacity, capacity: 4 * capacity };
  return { slotsAt, second, detail, end, bytes: end.at + AREA.json + end.capacity };
}

/** The bytes of a slot behind its lock. */
export function slotBody(record: TapSecond): Buffer {
  const body = Buffer.alloc(SLOT_BYTES - 8);
  SLOT_FIELDS.forEach(({ type, of }, index) => {
    if (type === 'u64') writeU64(body, of(record), index * 8);
    else body.writeDoubleLE(of(record), index * 8);
  });
  return body;
}

export function writeU64(buffer: Buffer, value: number, at: number): void {
  buffer.writeBigUInt64LE(BigInt(Math.max(0, Math.round(value))), at);
}
