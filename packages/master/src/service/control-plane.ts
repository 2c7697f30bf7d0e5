import type { RateChange, UsersChange } from '@drumline/model';
import type {
  CorrectionView,
  IntervalView,
  RunEventView,
  RunResult,
  StatsView,
  StatusView,
  TimelineView,
  WorkerView,
} from '@drumline/wire';

/**
 * The state in replies to orders and in `state` events. Unlike `StatusView`, which has the field
 * `paused`, they report a paused run as `paused`.
 */
export function shownState({ state, paused }: Pick<StatusView, 'state' | 'paused'>): string {
  return paused && state === 'running' ? 'paused' : state;
}

/** The run as its users control and see it. The control APIs depend on nothing else. */
export interface ControlPlane {
  status(): StatusView;
  workers(): WorkerView[];
  stats(): StatsView;
  timeline(fromSecond: number): TimelineView;
  /** @throws DrumlineError `request-invalid` while the run has not ended */
  result(): RunResult;
  /**
   * Orders return one sentence. They throw `DrumlineError('request-invalid')` if the state of the
   * run does not allow them.
   */
  start(): string;
  stop(): string;
  setUsers(change: UsersChange): string;
  setRate(change: RateChange): string;
  pause(): string;
  resume(): string;
  reset(): string;
  /**
   * What a reader has missed whose last interval has this number; 0 if it has none. First the
   * corrections of intervals that it has, then the intervals that have closed since.
   */
  missedAfter(number: number): (IntervalView | CorrectionView)[];
  /** @returns a function that ends the subscription */
  subscribe(listener: (event: RunEventView) => void): () => void;
}
