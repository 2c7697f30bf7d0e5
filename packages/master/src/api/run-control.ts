import type {
  RunEventView,
  RunResult,
  StatsView,
  StatusView,
  TimelineView,
  WorkerView,
} from '@drumline/wire';

/** What the control API can see and order of a run. The run implements it; the API knows nothing else of the master. */
export interface RunControl {
  status(): StatusView;
  workers(): WorkerView[];
  stats(): StatsView;
  timeline(fromSecond: number): TimelineView;
  /** @throws DrumlineError `request-invalid` as long as the run goes on */
  result(): RunResult;
  /** Orders throw `DrumlineError('request-invalid')` if the run's state does not allow them; they answer with one sentence. */
  start(): string;
  stop(): string;
  setUsers(users: number, spawnRatePerSecond?: number): string;
  pause(): string;
  resume(): string;
  reset(): string;
  /** @returns a function that ends the subscription */
  subscribe(listener: (event: RunEventView) => void): () => void;
}
