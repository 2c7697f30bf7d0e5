import {
  StatsTally,
  type IntervalClosed,
  type IntervalCorrected,
  type IntervalsReset,
  type IntervalState,
  type SpanSample,
} from '@drumline/stats';
import type { SeriesKey } from '@drumline/model';
import type { RunEventView } from '@drumline/wire';
import { TracedRequests } from './exemplars.js';
import type { OutputRun, OutputState, ResumedRun } from '../output.js';
import { PlannedUsers } from '../planned-users.js';

type ThresholdEvent = Extract<RunEventView, { type: 'threshold' }>;

/** What a run has counted so far, for outputs whose figures are cumulative. */
export class RunSums {
  /** The master limits the number of series, so that no other limit is needed. */
  #tally = new StatsTally(Infinity);
  #state: IntervalState | undefined;
  readonly #planned = new PlannedUsers();
  #plannedUsers: number | undefined;
  #throughSecond = -1;
  #sinceSecond = 0;
  #instantMs = 0;
  readonly #traced = new TracedRequests();
  /** How the outputs of the run are. */
  outputs: () => readonly OutputState[] = () => [];
  readonly #untrusted = new Set<number>();
  readonly #thresholds = new Map<string, ThresholdEvent>();

  /** @param fromSecond above 0 if earlier seconds were counted elsewhere */
  begin({ fromSecond }: Pick<OutputRun, 'fromSecond'>): void {
    this.#sinceSecond = fromSecond;
  }

  /** Continues with what another master has counted. */
  resume({ counted, sinceSecond }: Pick<ResumedRun, 'counted' | 'sinceSecond'>): void {
    this.#startAt(sinceSecond);
    this.#tally.add(counted);
  }

  closed({ counts, state, second }: IntervalClosed): void {
    this.#tally.add(counts);
    this.#traced.take(counts.spans);
    this.#state = state;
    this.#plannedUsers = this.#planned.of(state);
    this.#throughSecond = second;
  }

  corrected({ counts, second, isMarked }: IntervalCorrected): void {
    this.#tally.add(counts);
    this.#traced.take(counts.spans);
    if (isMarked) this.#untrusted.add(second);
  }

  reset({ fromSecond }: IntervalsReset): void {
    this.#startAt(fromSecond);
  }

  /** Counts from the next second on, for figures that are not cumulative. */
  restart(): void {
    this.#startAt(this.#throughSecond + 1);
  }

  event(event: RunEventView): void {
    if (event.type === 'threshold') this.#thresholds.set(JSON.stringify([event.of, event.expression]), event);
  }

  #startAt(second: number): void {
    this.#tally = new StatsTally(Infinity);
    this.#untrusted.clear();
    this.#sinceSecond = second;
  }

  /** The counts of every series, check and custom metric. */
  get counts(): StatsTally {
    return this.#tally;
  }

  /** The newest traced requests of a series, the oldest first. */
  tracedOf(series: SeriesKey): readonly SpanSample[] {
    return this.#traced.of(series);
  }

  /** Of the newest second; undefined before the first. */
  get state(): IntervalState | undefined {
    return this.#state;
  }

  /** Of the newest second; undefined if the load asks for no number of users. */
  get plannedUsers(): number | undefined {
    return this.#plannedUsers;
  }

  /** The newest second; -1 before the first. */
  get throughSecond(): number {
    return this.#throughSecond;
  }

  /** The second in which counting began: of the start of the run or of the last reset. */
  get sinceSecond(): number {
    return this.#sinceSecond;
  }

  /**
   * An instant for the values of now, as Unix time: the end of the newest second, but later than
   * any instant that was returned before. Two values of the same instant would be refused.
   * @param startedAtMs of the run
   */
  nextInstantMs(startedAtMs: number): number {
    this.#instantMs = Math.max(startedAtMs + (this.#throughSecond + 1) * 1_000, this.#instantMs + 1);
    return this.#instantMs;
  }

  /** Seconds in which the generator was the bottleneck. */
  get untrustedSeconds(): number {
    return this.#untrusted.size;
  }

  /** The newest event of each threshold that was broken at least once. */
  get thresholds(): Iterable<ThresholdEvent> {
    return this.#thresholds.values();
  }
}
