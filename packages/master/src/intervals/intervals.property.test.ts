// The closed and corrected seconds of a run add up to its report, to the request, whatever reports
// arrive late, repeat or reach over several seconds, and after another master resumes the run.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  encodeCounts,
  HeldTimes,
  KeyDictionary,
  QUANTILES_EVERY,
  Recorder,
  requestsIn,
  type IntervalDelta,
  type QuantilesEvery,
  type IntervalEvent,
} from '@drumline/stats';
import type { Hello, StatsReport } from '@drumline/wire';
import { newMember } from '../cluster/member.js';
import { Participant, type StoredParticipant } from '../allocation/participant.js';
import { Intervals } from './intervals.js';

const WORKERS = 3;
const HOUR_MS = 3_600_000;
const STATE = {
  users: 1,
  plannedUsers: 1,
  cutOffUsers: 0,
  workers: { present: 1, missing: 0 },
  busiestLane: 0,
};

/** What a worker reports: requests by second. */
type Counts = readonly (readonly [second: number, requests: number])[];

function deltasOf(counts: Counts): IntervalDelta[] {
  return counts.flatMap(([second, requests]) => {
    const recorder = new Recorder(0);
    for (let n = 0; n < requests; n += 1) {
      const series = { protocol: 'http', method: 'GET', name: `/${n % 2}`, user: 'a', tags: [] };
      const endedAtMs = second * 1_000 + 1;
      recorder.record({
        series,
        outcome: 'passed',
        endedAtMs,
        durationUs: 1_000,
        bytesSent: 1,
        bytesReceived: 1,
      });
    }
    return recorder.close(second * 1_000 + 2);
  });
}

/** A worker that keeps its reports until they are acknowledged. */
class SimulatedWorker {
  participant: Participant;
  readonly reports: StatsReport[] = [];
  private readonly dictionary = new KeyDictionary();
  private readonly times = new HeldTimes();

  constructor(readonly name: string) {
    this.participant = new Participant(this.member());
  }

  member() {
    const hello = { name: this.name, lanes: 1 } as Hello;
    return newMember({ id: this.name, peer: this.name, hello }, 'present', 0);
  }

  /** @param every how often response times are reported @param through the newest such second */
  write(counts: Counts, every: QuantilesEvery, through: number): StatsReport {
    this.times.everySeconds = every;
    const seconds = deltasOf(counts).map((delta) => this.times.hold(delta));
    const { keys, ...rest } = encodeCounts([...seconds, ...this.times.take(through)], this.dictionary);
    const seq = this.reports.length + 1;
    const named = this.dictionary.unknown(rest.dictionary, keys);
    this.dictionary.forget();
    const report: StatsReport = { type: 'statsReport', runId: 'r', epoch: 1, seq, keys: named, ...rest };
    this.reports.push(report);
    return report;
  }
}

/** What another master finds on the disk. */
interface Disk {
  deltas: IntervalDelta[];
  users: [number, number][];
  fromSecond: number;
  workers: Map<string, StoredParticipant>;
}

class SimulatedMaster {
  readonly intervals: Intervals;
  readonly events: IntervalEvent[] = [];
  private journal: IntervalDelta[] = [];
  private wasReset = false;

  constructor(
    private readonly disk: Disk,
    fromSecond: number,
  ) {
    this.intervals = new Intervals({
      covered: (covered) => this.commit(covered),
      onSubscriberProblem: () => {},
    });
    this.intervals.restore({ maxSeries: 100, ...disk });
    this.intervals.quantiles.set(10);
    this.intervals.aggregate.journal = {
      added: (delta) => this.journal.push(delta),
      ran: ([second, users]) => disk.users.push([second, users]),
      emitted: () => {},
      reset: () => {
        this.journal = [];
        this.wasReset = true;
      },
    };
    this.intervals.stream.subscribe('test', (event) => void this.events.push(event), 10_000);
    this.intervals.start(
      {
        startAtMs: 0,
        workers: () => [],
        reporting: () => [],
        unreadForMs: () => 0,
        observe: (second) => {
          this.intervals.aggregate.ran([second, 1]);
          return STATE;
        },
        closed: () => {},
      },
      fromSecond,
    );
    // The test closes the seconds.
    this.intervals.end(-1);
  }

  /** Receives all reports of a worker from this one on. */
  receive({ participant, reports }: SimulatedWorker, from = 0): void {
    for (const report of reports.slice(from)) this.intervals.merge(participant, report, HOUR_MS);
  }

  requests(): number {
    return this.intervals.aggregate.totals.snapshot().totals.requests;
  }

  /** What the events since the last reset add up to, by second. */
  counted(): Map<number, number> {
    this.intervals.stream.flush();
    let counted = new Map<number, number>();
    for (const event of this.events) {
      if (event.type === 'reset') counted = new Map();
      else counted.set(event.second, (counted.get(event.second) ?? 0) + requestsIn(event.counts));
    }
    return counted;
  }

  private commit(covered: readonly Participant[]): void {
    if (this.wasReset) this.disk.deltas = [];
    this.disk.deltas.push(...this.journal);
    this.journal = [];
    this.wasReset = false;
    this.disk.fromSecond = this.intervals.aggregate.fromSecond;
    for (const participant of covered) this.disk.workers.set(participant.id, participant.stored);
  }
}

const counts = fc.array(fc.tuple(fc.nat(12), fc.integer({ min: 1, max: 4 })), { maxLength: 4 });
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      worker: fc.nat(WORKERS - 1),
      counts,
      every: fc.constantFrom(...QUANTILES_EVERY),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), worker: fc.nat(WORKERS - 1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const) }) },
);

test('closed and corrected seconds add up to the report', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const workers = Array.from({ length: WORKERS }, (_, n) => new SimulatedWorker(`w${n}`));
      const disk: Disk = { deltas: [], users: [], fromSecond: 0, workers: new Map() };
      let master = new SimulatedMaster(disk, 0);
      let [next, carried] = [0, new Map<number, number>()];
      const sum = (by: ReadonlyMap<number, number>): number => [...by.values()].reduce((a, b) => a + b, 0);
      const expected = new Map<number, number>();
      for (const one of actions) {
        if (one.do === 'report') {
          const worker = workers[one.worker]!;
          // Nothing is counted in a second that has not begun.
          const reported = one.counts.map(([second, n]) => [Math.min(second, next), n] as const);
          worker.write(reported, one.every, next - 1);
          master.receive(worker, worker.reports.length - 1);
          for (const [second, requests] of reported)
            if (second >= disk.fromSecond) expected.set(second, (expected.get(second) ?? 0) + requests);
        } else if (one.do === 'repeat') master.receive(workers[one.worker]!);
        else if (one.do === 'close') master.intervals.end(next++);
        else if (one.do === 'reset') {
          master.intervals.reset(
            next,
            workers.map(({ participant }) => participant),
          );
          carried = new Map();
          expected.clear();
        } else {
          // Only what was committed survives. The workers repeat the rest.
          carried = new Map();
          // Later seconds are in the events that close them.
          for (const { second, ...delta } of disk.deltas.filter((one) => one.second < next))
            carried.set(second, (carried.get(second) ?? 0) + requestsIn({ second, ...delta }));
          master = new SimulatedMaster(disk, next);
          for (const worker of workers) {
            const stored = disk.workers.get(worker.name);
            const member = worker.member();
            worker.participant = stored ? Participant.restore(member, stored) : new Participant(member);
            master.receive(worker);
          }
        }
      }
      for (const worker of workers) {
        worker.write([], 1, Infinity);
        master.receive(worker, worker.reports.length - 1);
      }
      master.intervals.takeAll();
      master.intervals.end(20);
      expect(master.intervals.aggregate.totals.untimed).toBe(0);
      const counted = master.counted();
      for (const [second, requests] of carried) counted.set(second, (counted.get(second) ?? 0) + requests);
      expect(master.requests()).toBe(sum(expected));
      expect(new Map([...counted].filter(([, requests]) => requests > 0))).toEqual(expected);
      expect(workers.reduce((all, { participant }) => all + participant.requests, 0)).toBe(sum(expected));
      const numbers = master.events.flatMap((event) => (event.type === 'closed' ? [event.number] : []));
      expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    }),
    { numRuns: 300 },
  );
});
