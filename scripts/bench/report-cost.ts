// CPU of a report's entries on the master: decoding, checking and merging them, and closing their
// second. An entry is a series in a second of a worker.
// npm run bench:reports -- [workers] [series] [buckets] [seconds] [--profile]
import { Session } from 'node:inspector/promises';
import { OpenIntervals, Timeline, Totals } from '@drumline/stats';
import { decodeWorkerMessage, type StatsReport } from '@drumline/wire';
import { breakDown } from './harness/cpu-profile.js';
import { DrumlineReports } from './master/workers/drumline-reports.js';
import { describeMachine } from './support.js';

const args = process.argv.slice(2);
const profiles = args.includes('--profile');
const [workers = 200, series = 100, buckets = 100, seconds = 20] = args
  .filter((arg) => arg !== '--profile')
  .map(Number);
/** Seconds until the code is compiled. */
const WARM_UP_SECONDS = 5;
const FUNCTIONS = 15;

const reports = new DrumlineReports({ workers, series, buckets }, 1);
const intervals = new OpenIntervals();
const tables = Array.from({ length: workers }, () => intervals.keyTable());
const [totals, timeline] = [new Totals(), new Timeline()];
const cpuUs = { decode: 0, merge: 0, take: 0, add: 0 };
let [frameBytes, expected] = [0, 0];
const session = new Session();
session.connect();

for (let second = 0; second < WARM_UP_SECONDS + seconds; second += 1) {
  if (second === WARM_UP_SECONDS) {
    for (const part of Object.keys(cpuUs) as (keyof typeof cpuUs)[]) cpuUs[part] = 0;
    if (profiles) {
      await session.post('Profiler.enable');
      await session.post('Profiler.start');
    }
  }
  const frames = tables.map((_, worker) => frameOf(worker, second));
  const messages = timed('decode', () => frames.map((frame) => decodeWorkerMessage(frame) as StatsReport));
  timed('merge', () => {
    for (const [worker, message] of messages.entries()) {
      tables[worker]!.learn(message);
      intervals.merge(message, tables[worker]!, { newestSecond: second });
    }
  });
  const delta = timed('take', () => intervals.take(second)!);
  timed('add', () => {
    totals.add(delta);
    timeline.add(delta);
  });
}

const entries = workers * series * seconds;
const each = (us: number): string => (us / entries).toFixed(2).padStart(6);
const perSecond = (us: number): string => `${(us / 1_000 / seconds).toFixed(1).padStart(6)} ms`;
console.log(describeMachine());
console.log(
  `${workers} workers × ${series} series × ${buckets} used buckets, ${seconds} s; a report is ${frameBytes} bytes\n`,
);
console.log(`decode a report, µs an entry        ${each(cpuUs.decode)}`);
console.log(`check and merge it, µs an entry     ${each(cpuUs.merge)}`);
console.log(`both, µs an entry                   ${each(cpuUs.decode + cpuUs.merge)}`);
console.log(`take a second as a delta            ${perSecond(cpuUs.take)}`);
console.log(`add it to totals and timeline       ${perSecond(cpuUs.add)}`);
if (totals.snapshot().totals.requests !== expected) throw new Error('requests are missing');
if (profiles) {
  const { profile } = await session.post('Profiler.stop');
  const { totalUs, byFunction } = breakDown(profile);
  console.log('\nCPU by function, with the creation of reports:');
  for (const [place, us] of byFunction.slice(0, FUNCTIONS)) {
    console.log(`${((us / totalUs) * 100).toFixed(1).padStart(5)} %  ${place}`);
  }
}

/** A copy, because frames from a socket are not in the cache of the CPU. */
function frameOf(worker: number, second: number): Uint8Array {
  const seq = second + 1;
  const times = { isCoarse: false, windowSeconds: 0 };
  const head = { runId: 'bench', epoch: 1, seq, second, times, keysKnown: second > 0 };
  const frame = Buffer.from(reports.frameOf(worker, head));
  frameBytes = frame.length;
  expected += reports.requestsOf(worker);
  return frame;
}

function timed<T>(part: keyof typeof cpuUs, work: () => T): T {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  cpuUs[part] += user + system;
  return result;
}
