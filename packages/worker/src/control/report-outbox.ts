import { requestsIn, type IntervalDelta } from '@drumline/stats';
import type { Finding, StatsReport, StopRun, WorkerLink } from '@drumline/wire';
import { Findings } from '../findings.js';
import { monotonicMs } from '../monotonic.js';
import { Backlog, type BacklogLimits } from './backlog.js';

/** A report that is not acknowledged by then is sent again, milliseconds. */
const REPEAT_AFTER_MS = 2_000;
/** Sent again at the master's wish it is only after this, milliseconds: it may wish so often. */
const REPEAT_PAUSE_MS = 500;
/** So large is a report, about, bytes: a heartbeat waits behind it on a slow link. */
const REPORT_BYTES = 64 * 1024;
/** So many reports are on their way at most. */
const MAX_WINDOW = 4;
const MAX_INCIDENTS = 1_000;
/** A master that answers within this can take one more at a time, milliseconds; of one that does not, one answer at a time is awaited. */
const QUICK_ACK_MS = 500;

interface SentReport {
  readonly report: StatsReport;
  sentAtMs: number;
  /** Whether it was sent again: a slow master gets more time then. */
  isRepeated: boolean;
}

/** What befell a lane, as reports say it. */
type Incident = NonNullable<StatsReport['incidents']>[number];

/** Requests that the master has not acknowledged, and the seconds of the run in which they ended. */
export interface Undelivered {
  readonly requests: number;
  readonly fromSecond: number;
  readonly toSecond: number;
}

/**
 * Reports of one run on their way to the master. One that was handed to the link may have been merged: it is kept as it is, with its
 * number, until it is acknowledged. There are a few of these at most; everything else waits in the backlog, which is bounded
 * however long the link is down.
 */
export class ReportOutbox {
  private readonly backlog: Backlog;
  private readonly sent: SentReport[] = [];
  private incidents: Incident[] = [];
  private readonly findings = new Findings();
  private stopRun: StopRun | undefined;
  private readonly waiting = new Set<() => void>();
  private nextSeq = 1;
  private window = 1;
  private epoch = 0;

  constructor(
    private readonly link: Pick<WorkerLink, 'send'>,
    private readonly runId: string,
    limits: Partial<BacklogLimits> = {},
    private readonly now: () => number = monotonicMs,
  ) {
    this.backlog = new Backlog(limits);
  }

  /** What a lane has gained; goes out with the next report. */
  add(deltas: readonly IntervalDelta[]): void {
    this.backlog.add(deltas);
  }

  /** Something befell a lane; goes out with the next report. */
  addIncident(incident: Incident): void {
    this.incidents.push(incident);
    // Lanes can stand still and go on any number of times while the link is down.
    if (this.incidents.length > MAX_INCIDENTS) this.incidents.splice(this.firstHarmless, 1);
  }

  /** Something is wrong with the scenario; goes out with the next report. */
  addFindings(findings: readonly Finding[]): void {
    for (const finding of findings) this.findings.add(finding);
  }

  /**
   * The scenario's code asked for the run to end; goes out with the next report. The first to ask
   * is enough.
   */
  askToStop(stopRun: StopRun): void {
    this.stopRun ??= stopRun;
  }

  /** Merges what was added; for times in which nothing can be sent, about once a second. */
  compact(): void {
    this.backlog.absorb();
  }

  /** Sends what was added, and what is due again. */
  flush(epoch: number): void {
    this.epoch = epoch;
    this.backlog.absorb();
    this.resend(REPEAT_AFTER_MS);
    this.sendMore();
  }

  /** The master has merged everything up to `seq`. */
  acknowledge(seq: number): void {
    if (seq >= this.nextSeq) return;
    while (this.sent[0] && this.sent[0].report.seq <= seq) {
      const { sentAtMs } = this.sent.shift()!;
      this.window = this.now() - sentAtMs < QUICK_ACK_MS ? Math.min(MAX_WINDOW, this.window + 1) : 1;
    }
    this.sendMore();
    if (this.isEmpty) this.resolveWaiting();
  }

  /** Sends again what is on its way: the master may have missed it. */
  repeat(): void {
    this.resend(REPEAT_PAUSE_MS);
  }

  /** Resolves when the master has merged everything. */
  async settled(): Promise<void> {
    if (this.isEmpty) return;
    await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  /** What is not acknowledged; nothing if there were no requests in it. */
  get undelivered(): Undelivered | undefined {
    const deltas = [...this.sent.flatMap(({ report }) => report.deltas), ...this.backlog.deltas];
    const requests = deltas.reduce((sum, delta) => sum + requestsIn(delta), 0);
    if (requests === 0) return undefined;
    const seconds = deltas.map(({ second }) => second);
    const least = seconds.reduce((a, b) => Math.min(a, b));
    const most = seconds.reduce((a, b) => Math.max(a, b));
    return { requests, fromSecond: least, toSecond: most + this.backlog.foldedToSeconds - 1 };
  }

  /** Whether everything is acknowledged. */
  get isEmpty(): boolean {
    return this.sent.length === 0 && this.backlog.empty && !this.hasMore;
  }

  /** The first incident that tells of no lost counts; else, the first. */
  private get firstHarmless(): number {
    return Math.max(
      0,
      this.incidents.findIndex(({ kind }) => kind !== 'crashed'),
    );
  }

  /** Whether there is something to report besides counts. */
  private get hasMore(): boolean {
    return this.incidents.length > 0 || !this.findings.isEmpty || this.stopRun !== undefined;
  }

  private resolveWaiting(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  private resend(afterMs: number): void {
    const now = this.now();
    for (const entry of this.sent) {
      const dueMs = entry.isRepeated ? afterMs * 2 : afterMs;
      if (now - entry.sentAtMs < dueMs || !this.link.send(entry.report)) continue;
      entry.sentAtMs = now;
      entry.isRepeated = true;
    }
  }

  /** Gives numbers to what waits, as long as it goes out and the master keeps up. */
  private sendMore(): void {
    const { runId, epoch, backlog } = this;
    while (this.sent.length < this.window && (backlog.absorbed || this.hasMore)) {
      const { foldedToSeconds } = backlog;
      const deltas = backlog.take(REPORT_BYTES);
      const report: StatsReport = { type: 'statsReport', runId, epoch, seq: this.nextSeq, deltas };
      if (foldedToSeconds > 1) report.foldedToSeconds = foldedToSeconds;
      if (this.incidents.length > 0) report.incidents = this.incidents;
      const findings = this.findings.take();
      if (findings.length > 0) report.findings = findings;
      if (this.stopRun) report.stopRun = this.stopRun;
      if (!this.link.send(report)) {
        this.addFindings(findings);
        return backlog.giveBack(deltas);
      }
      this.nextSeq += 1;
      this.incidents = [];
      this.stopRun = undefined;
      this.sent.push({ report, sentAtMs: this.now(), isRepeated: false });
    }
  }
}
