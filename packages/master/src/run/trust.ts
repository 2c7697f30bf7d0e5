import { bottleneckOf, lateBottleneck, worseOf } from '@drumline/model';
import type { RareCounts } from '@drumline/stats';
import type { Participant } from '../allocation/participant.js';
import type { Intervals } from '../intervals/intervals.js';
import type { UntrustedSpan } from '../intervals/untrusted.js';
import type { NoteCollector } from './note-collector.js';
import type { RunProgress } from './run-events.js';

interface Parts {
  readonly run: Pick<RunProgress, 'started'>;
  readonly intervals: Pick<Intervals, 'aggregate' | 'closedThrough' | 'marked' | 'stream'>;
  readonly notes: Pick<NoteCollector, 'add'>;
}

/** Finds the seconds in which a worker, and not the target, decided the response times. */
export class Trust {
  /** When each worker sent its last heartbeat, on its own clock. */
  private readonly sentAtMs = new WeakMap<Participant, number>();

  constructor(private readonly parts: Parts) {
    // Each second is decided about when it has closed, even if no heartbeat follows.
    parts.intervals.stream.subscribe('trust', (event) => {
      if (event.type === 'closed') this.settle(event.second, event.second - 1);
    });
  }

  /** Judges the time since the last heartbeat of a worker. */
  heartbeat(worker: Participant): void {
    const { started } = this.parts.run;
    const { health } = worker;
    if (!started || !health || !worker.tookPart) return;
    const before = this.sentAtMs.get(worker);
    this.sentAtMs.set(worker, health.sentAtMs);
    const lanes = health.lanes.filter(({ users }) => users > 0);
    // The p99 is not known yet. Nearly all heartbeats are fine with any.
    if (!bottleneckOf(lanes, 0)) return;
    // The seconds of which at least a half lies between the two heartbeats.
    const { elapsedMs } = started.clock;
    const lengthMs = before === undefined ? 1_000 : health.sentAtMs - before;
    const to = Math.floor((elapsedMs - 500) / 1_000);
    const from = Math.min(to, Math.floor((elapsedMs - lengthMs + 500) / 1_000));
    const { aggregate, closedThrough } = this.parts.intervals;
    for (let second = Math.max(0, from); second <= to; second += 1)
      aggregate.untrusted.suspect(worker.id, second, (p99Ms) => bottleneckOf(lanes, p99Ms));
    if (from <= closedThrough) this.settle(closedThrough);
  }

  /** Judges the starts in a report. */
  schedule(worker: Participant, counts: readonly RareCounts[]): void {
    for (const { second, schedule = [] } of counts) {
      const late = schedule.reduce((sum, one) => sum + one.late, 0);
      const started = schedule.reduce((sum, one) => sum + one.started, 0);
      const bottleneck = lateBottleneck(late, started);
      if (bottleneck) this.parts.intervals.aggregate.untrusted.suspect(worker.id, second, () => bottleneck);
    }
  }

  /**
   * Decides about the seconds up to this one. Notes those that cannot be trusted, and corrects the
   * seconds that have been shown.
   * @param shownThrough the newest second that subscribers have received
   */
  settle(throughSecond: number, shownThrough = this.parts.intervals.closedThrough): void {
    const { intervals, notes } = this.parts;
    const { untrusted, timeline } = intervals.aggregate;
    const p99MsOf = (second: number): number | undefined => {
      const [point] = timeline.points(second, second);
      return point && point.requests > 0 ? point.p99Ms : undefined;
    };
    const marked = untrusted.settle(throughSecond, p99MsOf);
    if (marked.length === 0) return;
    intervals.marked(marked.filter((second) => second <= shownThrough));
    for (const worker of new Set(untrusted.spans.map((span) => span.worker))) {
      const spans = untrusted.spans.filter((span) => span.worker === worker);
      notes.add('untrusted', noteOf(worker, spans), `untrusted ${worker}`);
    }
  }
}

/** A lane is slower in the first second of a run: it opens connections, and code is compiled. */
function noteOf(worker: string, spans: readonly UntrustedSpan[]): string {
  const seconds = spans.reduce((sum, span) => sum + span.seconds, 0);
  const worst = worseOf(spans) as UntrustedSpan;
  if (seconds === 1 && worst.fromSecond === 0 && worst.severity < 1)
    return `The first second includes the warm-up of worker ${worker}: ${worst.cause}. Later seconds are not affected.`;
  const length = `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  return `Worker ${worker} was the bottleneck in ${length}: ${worst.cause}. Response times from then include its own delay. Spread the load over more lanes or workers.`;
}
