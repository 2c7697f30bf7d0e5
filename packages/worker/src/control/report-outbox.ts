import { mergeDeltas, type IntervalDelta } from '@drumline/stats';
import type { StatsReport, WorkerLink } from '@drumline/wire';
import { monotonicMs } from '../monotonic.js';

/** A report that is not acknowledged by then is sent again, milliseconds. */
const REPEAT_AFTER_MS = 2_000;

/** Reports on their way to the master: numbered, and kept until they are acknowledged. */
export class ReportOutbox {
  /** Series of a report; those beyond are counted together. */
  maxSeries = Infinity;
  private pending: IntervalDelta[] = [];
  private readonly kept: { report: StatsReport; sentAtMs: number }[] = [];
  private readonly waiting = new Set<() => void>();
  private nextSeq = 1;

  constructor(
    private readonly link: Pick<WorkerLink, 'send'>,
    private readonly now: () => number = monotonicMs,
  ) {}

  /** What a lane has gained; goes out with the next report. */
  add(deltas: readonly IntervalDelta[]): void {
    this.pending.push(...deltas);
  }

  /** Makes a report of what was added, and sends what is due. */
  flush(runId: string, epoch: number): void {
    if (this.pending.length > 0) {
      const deltas = mergeDeltas(this.pending, this.maxSeries);
      this.pending = [];
      this.kept.push({
        report: { type: 'statsReport', runId, epoch, seq: this.nextSeq++, deltas },
        sentAtMs: -Infinity,
      });
    }
    this.sendDue();
  }

  /** The master has merged everything up to `seq`. */
  acknowledge(seq: number): void {
    while (this.kept[0] && this.kept[0].report.seq <= seq) this.kept.shift();
    if (this.kept.length === 0 && this.pending.length === 0) this.resolveWaiting();
  }

  /** Sends everything again, in order: the master may have missed it. */
  repeat(): void {
    for (const entry of this.kept) entry.sentAtMs = -Infinity;
    this.sendDue();
  }

  /** Resolves when the master has merged everything. */
  async settled(): Promise<void> {
    if (this.kept.length === 0 && this.pending.length === 0) return;
    await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  private resolveWaiting(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  private sendDue(): void {
    const now = this.now();
    for (const entry of this.kept) {
      if (now - entry.sentAtMs >= REPEAT_AFTER_MS && this.link.send(entry.report)) entry.sentAtMs = now;
    }
  }
}
