import type { WorkerState } from '@drumline/model';
import type { WorkerHistoryView, WorkerPoint } from '@drumline/wire';

/** More points are merged in pairs, so that a history covers the whole run. */
const MOST_POINTS = 300;
/** The newest changes of states that are kept. */
const MOST_CHANGES = 100;

/** What a worker last reported. Shares are from 0 to 1. */
export interface WorkerSample {
  readonly state: WorkerState;
  /** Absent while nothing is known of it. */
  readonly health?: {
    readonly cpu: number;
    readonly loopDelayMs: number;
    readonly roundTripMs?: number | undefined;
    readonly lanes: readonly { readonly lane: number; readonly state: string; readonly busy: number }[];
  };
}

/** A history as another master needs it to continue. */
export interface StoredWorkerHistory extends Omit<WorkerHistoryView, 'id' | 'name'> {
  /** The last state by lane; -1 is the worker itself. */
  readonly states: readonly (readonly [lane: number, state: string])[];
}

/** One worker over the time of a run: the highest figures of each point, and changes of states. */
export class WorkerHistory {
  private stepSeconds = 1;
  private points: WorkerPoint[] = [];
  private changes: WorkerHistoryView['changes'] = [];
  /** The last state of the worker and its lanes, by lane; -1 is the worker itself. */
  private states = new Map<number, string>();

  /** Continues the history of another master. */
  restore({ stepSeconds, points, changes, states }: StoredWorkerHistory): void {
    this.stepSeconds = stepSeconds;
    this.points = [...points];
    this.changes = [...changes];
    this.states = new Map(states);
  }

  /** @param second ascending from call to call */
  add(second: number, { state, health }: WorkerSample): void {
    this.follow(second, -1, state);
    if (!health) return;
    for (const lane of health.lanes) this.follow(second, lane.lane, lane.state);
    this.put({
      second: second - (second % this.stepSeconds),
      cpuPercent: percent(health.cpu),
      loopDelayMs: tenths(health.loopDelayMs),
      roundTripMs: tenths(health.roundTripMs ?? 0),
      lanesBusyPercent: health.lanes.map(({ busy }) => percent(busy)),
    });
    if (this.points.length > MOST_POINTS) this.halve();
  }

  view(): Omit<WorkerHistoryView, 'id' | 'name'> {
    return { stepSeconds: this.stepSeconds, points: [...this.points], changes: [...this.changes] };
  }

  get stored(): StoredWorkerHistory {
    return { ...this.view(), states: [...this.states] };
  }

  private put(point: WorkerPoint): void {
    const last = this.points.at(-1);
    if (last?.second === point.second) this.points[this.points.length - 1] = higher(last, point);
    else this.points.push(point);
  }

  private halve(): void {
    const { points } = this;
    this.stepSeconds *= 2;
    this.points = [];
    for (const point of points)
      this.put({ ...point, second: point.second - (point.second % this.stepSeconds) });
  }

  private follow(second: number, lane: number, state: string): void {
    if (this.states.get(lane) === state) return;
    this.states.set(lane, state);
    this.changes.push({ second, state, ...(lane >= 0 && { lane }) });
    if (this.changes.length > MOST_CHANGES) this.changes.shift();
  }
}

function higher(one: WorkerPoint, other: WorkerPoint): WorkerPoint {
  const lanes = Math.max(one.lanesBusyPercent.length, other.lanesBusyPercent.length);
  return {
    second: one.second,
    cpuPercent: Math.max(one.cpuPercent, other.cpuPercent),
    loopDelayMs: Math.max(one.loopDelayMs, other.loopDelayMs),
    roundTripMs: Math.max(one.roundTripMs, other.roundTripMs),
    lanesBusyPercent: Array.from({ length: lanes }, (_, lane) =>
      Math.max(one.lanesBusyPercent[lane] ?? 0, other.lanesBusyPercent[lane] ?? 0),
    ),
  };
}

function percent(share: number): number {
  return tenths(share * 100);
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
