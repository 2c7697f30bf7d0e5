import { worseOf, type Bottleneck } from '@drumline/model';

/** Seconds in a row in which a worker was the bottleneck. */
export interface UntrustedSpan extends Bottleneck {
  /** Id of the worker. */
  readonly worker: string;
  readonly fromSecond: number;
  readonly seconds: number;
}

/** What was wrong in a second, given the p99 of its responses. */
type SuspectJudge = (p99Ms: number) => Bottleneck | undefined;

interface Suspect {
  readonly worker: string;
  readonly second: number;
  readonly judge: SuspectJudge;
}

/** The most spans. The last of a worker then grows over seconds that can be trusted. */
const MAX_SPANS = 1_000;

/** The seconds of a run in which the generator was the bottleneck, by worker. */
export class UntrustedSeconds {
  #spans: readonly UntrustedSpan[] = [];
  readonly #workers = new Map<number, string[]>();
  #suspects: Suspect[] = [];

  /** All spans in the order of their start. Another array after each change. */
  get spans(): readonly UntrustedSpan[] {
    return this.#spans;
  }

  /** The workers that were the bottleneck in a second; undefined if the second can be trusted. */
  workersIn(second: number): readonly string[] | undefined {
    return this.#workers.get(second);
  }

  /** The number of seconds, from this one on. */
  countFrom(second: number): number {
    let count = 0;
    for (const one of this.#workers.keys()) if (one >= second) count += 1;
    return count;
  }

  /** Whether a second may have to be marked is decided once it has closed. */
  suspect(worker: string, second: number, judge: SuspectJudge): void {
    this.#suspects.push({ worker, second, judge });
  }

  /**
   * Decides about the seconds up to this one.
   * @param p99MsOf the p99 of the responses in a second; undefined if there were none
   * @returns those that are marked now, each once
   */
  settle(throughSecond: number, p99MsOf: (second: number) => number | undefined): number[] {
    const open: Suspect[] = [];
    const marked = new Set<number>();
    for (const suspect of this.#suspects) {
      const { worker, second, judge } = suspect;
      if (second > throughSecond) {
        open.push(suspect);
        continue;
      }
      const p99Ms = p99MsOf(second);
      const bottleneck = p99Ms === undefined ? undefined : judge(p99Ms);
      if (!bottleneck) continue;
      this.mark(worker, second, bottleneck);
      marked.add(second);
    }
    this.#suspects = open;
    return [...marked];
  }

  mark(worker: string, second: number, bottleneck: Bottleneck): void {
    const workers = this.#workers.get(second) ?? [];
    if (!workers.includes(worker)) this.#workers.set(second, [...workers, worker]);
    const index = this.#spans.findLastIndex((span) => span.worker === worker);
    const last = this.#spans[index];
    const isNext = last !== undefined && second <= last.fromSecond + last.seconds;
    if (last === undefined || (!isNext && this.#spans.length < MAX_SPANS)) {
      this.#spans = [...this.#spans, { worker, fromSecond: second, seconds: 1, ...bottleneck }];
      return;
    }
    const fromSecond = Math.min(last.fromSecond, second);
    const end = Math.max(last.fromSecond + last.seconds, second + 1);
    const span = { worker, fromSecond, seconds: end - fromSecond, ...worseOf([last, bottleneck])! };
    this.#spans = this.#spans.with(index, { ...span, worker, fromSecond, seconds: end - fromSecond });
  }

  restore(spans: readonly UntrustedSpan[]): void {
    for (const { worker, fromSecond, seconds, cause, severity } of spans)
      for (let second = fromSecond; second < fromSecond + seconds; second += 1)
        this.mark(worker, second, { cause, severity });
  }
}
