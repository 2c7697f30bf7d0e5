import { stepFor } from '@drumline/stats';
import type { TimelineQuery, TimelineView } from '@drumline/wire';
import { timelineOf } from '../report/timeline.js';
import type { Run } from '../run/run.js';
import { readMergedSteps } from '../store/merged-steps.js';

type TimedRun = Pick<Run, 'started' | 'aggregate' | 'annotations' | 'intervals' | 'writer'>;

/** The timeline of a run in any resolution: of the seconds that have closed. */
export class RunTimeline {
  private adopting: Promise<void> | undefined;

  constructor(private readonly run: TimedRun) {}

  /** A point for each second. */
  seconds(fromSecond: number): TimelineView {
    return this.run.started ? this.range(this.begin(fromSecond), this.last, 1) : nothing(fromSecond);
  }

  /** @returns a promise if a master before this one counted the seconds, and they must be read */
  view({ from = 0, to = Infinity, points }: TimelineQuery): TimelineView | Promise<TimelineView> {
    const { started, aggregate } = this.run;
    if (!started) return nothing(from);
    const last = Math.min(to - 1, this.last);
    const first = this.begin(from);
    const step = points === undefined ? 1 : stepFor(Math.max(1, last + 1 - first), points);
    const view = (): TimelineView => this.range(first, last, step);
    if (step === 1 || first >= aggregate.timeline.secondsToAdopt) return view();
    this.adopting ??= this.adopt().finally(() => (this.adopting = undefined));
    return this.adopting.then(view);
  }

  private begin(fromSecond: number): number {
    return Math.max(fromSecond, this.run.aggregate.fromSecond);
  }

  /** The newest second for which every report should have arrived. */
  private get last(): number {
    return this.run.intervals.closedThrough;
  }

  /** Whole intervals only, so that each has the same figures in every answer. */
  private range(first: number, last: number, step: number): TimelineView {
    const { aggregate, annotations } = this.run;
    const { startedAt } = this.run.started!.clock;
    const from = first - (first % step);
    const end = Math.ceil((last + 1) / step) * step;
    const [fromMs, endMs] = [from, end].map((second) => startedAt.getTime() + second * 1_000) as [
      number,
      number,
    ];
    // A remark may be newer than the newest closed second.
    const isUpToNow = end > this.last;
    return {
      fromSecond: from,
      stepSeconds: step,
      points: timelineOf(aggregate, startedAt, from, Math.min(this.last, end - 1), step),
      annotations: annotations.all.filter(
        ({ at }) => Date.parse(at) >= fromMs && (isUpToNow || Date.parse(at) < endMs),
      ),
    };
  }

  private async adopt(): Promise<void> {
    const { aggregate, writer } = this.run;
    const { timeline } = aggregate;
    const { path } = writer;
    if (path !== undefined) timeline.adopt(await readMergedSteps({ path, end: timeline.secondsToAdopt }));
  }
}

function nothing(fromSecond: number): TimelineView {
  return { fromSecond, stepSeconds: 1, points: [], annotations: [] };
}
