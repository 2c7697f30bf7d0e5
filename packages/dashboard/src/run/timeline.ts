import { readBands, type BandCount } from '@drumline/model';
import type { TimelinePoint, TimelineView } from '@drumline/client';
import { mergedPoint } from './merged-point.js';

/** Planned users and rate of a second. */
export interface Planned {
  readonly users: number;
  readonly rate?: number | undefined;
}

/** The seconds of a run as columns, as the charts take them. Index = second of the run. */
export class RunTimeline {
  /** The point of each second; undefined while it is not known. */
  private readonly points: (TimelinePoint | undefined)[] = [];
  /** What was read of the bands of each point. */
  private readonly counts = new WeakMap<TimelinePoint, readonly BandCount[]>();
  /** Seconds in each point: above 1 for runs so long that the master merges seconds. */
  stepSeconds = 1;
  /** The newest second that was put. */
  private newest = -1;
  /** What comes as events while the master is asked for the seconds. */
  private meanwhile: Map<number, TimelinePoint> | undefined;

  get length(): number {
    return this.points.length;
  }

  /** Whether seconds are missing before this one, which is to be put. */
  isGapBefore(second: number): boolean {
    return Math.floor(second / this.stepSeconds) > this.points.length;
  }

  /** The newest known point. */
  get last(): TimelinePoint | undefined {
    return this.points.at(-1);
  }

  /** The start of the run, milliseconds since 1970; undefined before the first second. */
  get startMs(): number | undefined {
    const index = this.points.findIndex((point) => point !== undefined);
    if (index < 0) return undefined;
    return Date.parse(this.points[index]!.at) - index * this.stepSeconds * 1_000;
  }

  /** The master is asked for the seconds: what comes as an event from now on may be newer. */
  expectLoad(): void {
    this.meanwhile ??= new Map();
  }

  /** Takes all seconds that the master has. Those that came as events meanwhile stay. */
  load({ fromSecond, stepSeconds, points }: TimelineView): void {
    if (stepSeconds !== this.stepSeconds) this.points.length = 0;
    this.stepSeconds = stepSeconds;
    this.newest = Math.max(this.newest, fromSecond + points.length * stepSeconds - stepSeconds);
    points.forEach((point, index) => this.set(fromSecond / stepSeconds + index, point));
    const { meanwhile = [] } = this;
    this.meanwhile = undefined;
    for (const [second, point] of meanwhile) this.put(second, point);
  }

  /**
   * Takes a second. In merged points, it only counts if it is newer than those before, and its
   * quantiles count if they are the highest: until the master's are loaded.
   * @param second from the start of the run
   */
  put(second: number, point: TimelinePoint): void {
    this.meanwhile?.set(second, point);
    if (this.stepSeconds === 1) return this.set(second, point);
    if (second <= this.newest) return;
    this.newest = second;
    const index = Math.floor(second / this.stepSeconds);
    const before = this.points[index];
    if (before === undefined || index === this.points.length - 1)
      this.set(index, before ? mergedPoint(before, point) : point);
  }

  clear(): void {
    this.points.length = 0;
  }

  /** Seconds since the start of the run, for the x axis. */
  seconds(): number[] {
    return this.points.map((_, index) => index * this.stepSeconds);
  }

  /** A column: one value per second, null if it is not known. */
  column(read: (point: TimelinePoint) => number | null): (number | null)[] {
    return this.points.map((point) => (point ? read(point) : null));
  }

  /** What the plan asked for in each point, if the master has stored it. */
  plans(): (Planned | undefined)[] {
    return this.points.map((point) => {
      const { plannedUsers: users = 0, plannedRate: rate } = point ?? {};
      return users > 0 || rate !== undefined ? { users, rate } : undefined;
    });
  }

  /** The response times of each point, by band. */
  bands(): (readonly BandCount[])[] {
    return this.points.map((point) => {
      if (!point) return [];
      const known = this.counts.get(point) ?? readBands(point.latencyBands);
      this.counts.set(point, known);
      return known;
    });
  }

  /** The seconds, in order, that are not to be trusted. */
  untrusted(): { readonly second: number; readonly workers: readonly string[] }[] {
    return this.points.flatMap((point, index) =>
      point?.untrusted ? [{ second: index * this.stepSeconds, workers: point.untrusted }] : [],
    );
  }

  private set(index: number, point: TimelinePoint): void {
    while (this.points.length < index) this.points.push(undefined);
    this.points[index] = point;
  }
}
