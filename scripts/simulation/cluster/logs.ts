import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rateOfTimes, separate, type DueTimes, type ListedOrder, type RateProfile } from '@drumline/model';
import { DueTimesFile, dueTimesTable, encodeDueTimes } from '@drumline/scenario/artifacts';
import { Random } from '../world/random.js';

/** A log whose times are replayed. */
export interface ReplayedLog {
  readonly time: Float64Array;
  /** The user type of each start, as an index; absent if the log does not say it. */
  readonly type?: Uint16Array;
}

const folder = mkdtempSync(join(tmpdir(), 'drumline-simulation-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const random = new Random(0x109);
const steady = timesOf(80, () => random.between(0, 14_000));
const bursts = timesOf(90, (start) => 3_000 * Math.floor(start / 18));
const mixed = timesOf(70, (start) => (start % 3 === 0 ? 5_000 : random.between(0, 16_000)));

/** The logs that runs replay. */
export const LOGS: readonly ReplayedLog[] = [
  { time: steady },
  { time: bursts },
  { time: mixed, type: Uint16Array.from(mixed, () => (random.chance(0.7) ? 0 : 1)) },
];

/** The tables of a plan that hold the times of the logs. */
export const LOG_TABLES = LOGS.map((columns, index) => {
  const bytes = encodeDueTimes(columns);
  const path = join(folder, `${index}.times`);
  writeFileSync(path, bytes);
  const id = String(index).repeat(64);
  return dueTimesTable(`${index}.log`, columns, { id, size: bytes.length, path });
});

/** The part of a workload that replays a log. @param table number of its table in the plan */
export function replayOf(log: number, table: number): { order: ListedOrder; rate: RateProfile } {
  const { time, type: typeOf } = LOGS[log]!;
  const shares = typeOf && [0, 1].map((type) => typeOf.filter((one) => one === type).length);
  const order = { kind: 'listed', file: `${log}.log`, count: time.length, speed: 1, table } as const;
  return { order: { ...order, ...(shares && { shares }) }, rate: rateOfTimes(time) };
}

/** The times of the logs, as lanes read them. */
export const LOG_TIMES: readonly DueTimes[] = LOG_TABLES.map((table) => new DueTimesFile(table));

/** Sorted times from 0, no two of them equal. */
function timesOf(count: number, timeOf: (start: number) => number): Float64Array {
  const times = Float64Array.from({ length: count }, (_, start) => Math.round(timeOf(start))).sort();
  const first = times[0]!;
  for (let at = 0; at < count; at += 1) times[at]! -= first;
  separate(times);
  return times;
}
