import type { RateChange, UsersChange } from '@drumline/model';
import type {
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
  /** The closed seconds after the one with this number; 0 for all. */
  intervalsAfter(number: number): IntervalView[];
  /** @returns a function that ends the subscription */
  subscribe(listener: (event: RunEventView) => void): () => void;
}
