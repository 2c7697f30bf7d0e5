import {
  encodeCounts,
  HeldTimes,
  KeyDictionary,
  mergeDeltas,
  requestsIn,
  type IntervalDelta,
  type NamedKey,
  type QuantilesEvery,
} from '@drumline/stats';
import type { Finding, ReportAck, StatsReport, StopRun, WorkerLink } from '@drumline/wire';
import { Findings } from '../findings.js';
import { monotonicMs } from '@drumline/wire/monotonic';
import { Backlog, type BacklogLimits } from './backlog.js';

/**
 * An unacknowledged report is sent again after the time that the last acknowledgement took and this
 * time, milliseconds. A master that stores reports acknowledges them about a second later.
 */
const REPEAT_AFTER_MS = 2_000;
/** The longest time of an acknowledgement that delays repetitions, milliseconds. */
const MAX_ACK_MS = 4_000;
/**
 * Minimum time before a report is repeated on request of the master, milliseconds. The master may
 * ask often.
 */
const REPEAT_PAUSE_MS = 500;
/**
 * Size of the counts in a report as measured by `bytesOf`, about twice the bytes on the wire. On a
 * slow link, heartbeats wait behind a report.
 */
const REPORT_BYTES = 128 * 1024;
/** Maximum number of unacknowledged reports. Enough for thousands of series with late answers. */
const MAX_WINDOW = 16;
const MAX_INCIDENTS = 1_000;
/**
 * An acknowledgement within this time raises the number of reports in transit by one; a later one
 * resets it to one. Milliseconds.
 */
const QUICK_ACK_MS = 1_500;

interface SentReport {
  /** Unchanged when it is repeated, except for the keys that the master has learned since. */
  readonly report: Omit<StatsReport, 'keys'>;
  /** All keys that the report uses. */
  readonly keys: readonly NamedKey[];
  readonly undelivered: Undelivered;
  sentAtMs: number;
  /** Whether it was sent again. It then gets more time. */
  isRepeated: boolean;
}

/** A lane incident in a report. */
type Incident = NonNullable<StatsReport['incidents']>[number];

/**
 * Requests that the master has not acknowledged, and the seconds of the run in which they ended.
 */
export interface Undelivered {
  readonly requests: number;
  readonly fromSecond: number;
  readonly toSecond: number;
}

/**
 * Sends the reports of one run. A sent report may have been merged, so it is kept unchanged with
 * its number until it is acknowledged. There are only a few of these. Everything else waits in the
 * backlog, which is bounded even if the link is down for long.
 */
export class ReportOutbox {
  private readonly backlog: Backlog;
  /** Counts that are in no report, with their response times. Empty while those are not held. */
  private fresh: IntervalDelta[] = [];
  private readonly times = new HeldTimes();
  private readonly sent: SentReport[] = [];
  private readonly dictionary = new KeyDictionary();
  private incidents: Incident[] = [];
  private readonly findings = new Findings();
  private stopRun: StopRun | undefined;
  private readonly waiting = new Set<() => void>();
  private nextSeq = 1;
  private window = 1;
  /** How long the last acknowledgement took. */
  private ackMs = 0;
  private epoch = 0;
  private throughSecond = -1;

  constructor(
    private readonly link: Pick<WorkerLink, 'send'>,
    private readonly runId: string,
    private readonly limits: Partial<BacklogLimits> = {},
    private readonly now: () => number = monotonicMs,
  ) {
    this.backlog = new Backlog(limits);
  }

  /**
   * From now on, reports the response times of each series this often. The counts of each second
   * are reported at once.
   */
  set quantilesEverySeconds(seconds: QuantilesEvery) {
    this.times.everySeconds = seconds;
  }

  /** Adds counts of a lane to the next report. */
  add(deltas: readonly IntervalDelta[]): void {
    if (this.times.everySeconds === 1) this.backlog.add(deltas);
    else this.fresh.push(...deltas);
  }

  /** Adds a lane incident to the next report. */
  addIncident(incident: Incident): void {
    this.incidents.push(incident);
    // Lanes can stall and recover any number of times while the link is down.
    if (this.incidents.length > MAX_INCIDENTS) this.incidents.splice(this.firstHarmless, 1);
  }

  /** Adds findings about the scenario to the next report. */
  addFindings(findings: readonly Finding[]): void {
    for (const finding of findings) this.findings.add(finding);
  }

  /**
   * Adds a request of the scenario to stop the run to the next report. Only the first one counts.
   */
  askToStop(stopRun: StopRun): void {
    this.stopRun ??= stopRun;
  }

  /**
   * Merges what was added. Must be called about once a second while nothing can be sent.
   * @param timesThrough response times of windows that end later are held back
   */
  compact(timesThrough = Infinity): void {
    for (const delta of mergeDeltas(this.fresh, this.limits.series))
      this.backlog.add([this.times.hold(delta)]);
    this.fresh = [];
    this.backlog.add(this.times.take(timesThrough));
    this.backlog.absorb();
  }

  /**
   * Sends new counts, and repeats overdue reports.
   * @param throughSecond the newest second of which everything has been added; -1 for none
   * @param timesThrough response times of windows that end later are held back
   */
  flush(epoch: number, throughSecond = -1, timesThrough = Infinity): void {
    this.epoch = epoch;
    this.throughSecond = throughSecond;
    this.compact(timesThrough);
    this.resend(this.ackMs + REPEAT_AFTER_MS);
    this.sendMore();
  }

  /** Handles an acknowledgement. */
  acknowledge({ seq, keysUnknown = false }: Omit<ReportAck, 'type' | 'runId'>): void {
    if (seq >= this.nextSeq) return;
    while (this.sent[0] && this.sent[0].report.seq <= seq) {
      const { report, keys, sentAtMs, isRepeated } = this.sent.shift()!;
      const ackMs = this.now() - sentAtMs;
      this.dictionary.acknowledge(report.dictionary, keys);
      this.window = ackMs < QUICK_ACK_MS ? Math.min(MAX_WINDOW, this.window + 1) : 1;
      // It may be the acknowledgement of either time that a repeated report was sent.
      if (!isRepeated) this.ackMs = Math.min(ackMs, MAX_ACK_MS);
    }
    if (keysUnknown) this.repeatWithKeys();
    this.sendMore();
    if (this.isEmpty) this.resolveWaiting();
  }

  /** Repeats unacknowledged reports, because a master has welcomed the worker. */
  welcomed(): void {
    // It may be another master, which knows no keys.
    this.dictionary.forget();
    this.resend(REPEAT_PAUSE_MS);
  }

  /** Resolves when the master has acknowledged everything. */
  async settled(): Promise<void> {
    if (this.isEmpty) return;
    await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  /** What is not acknowledged; undefined if it contains no requests. */
  get undelivered(): Undelivered | undefined {
    const parts = this.sent.map(({ undelivered }) => undelivered);
    parts.push(undeliveredOf([...this.backlog.deltas, ...this.fresh], this.backlog.foldedToSeconds));
    const requests = parts.reduce((sum, part) => sum + part.requests, 0);
    if (requests === 0) return undefined;
    return {
      requests,
      fromSecond: parts.reduce((least, { fromSecond }) => Math.min(least, fromSecond), Infinity),
      toSecond: parts.reduce((most, { toSecond }) => Math.max(most, toSecond), 0),
    };
  }

  get isEmpty(): boolean {
    const hasCounts = !this.backlog.empty || this.fresh.length > 0 || !this.times.isEmpty;
    return this.sent.length === 0 && !hasCounts && !this.hasMore;
  }

  /** Index of the first incident without lost counts; otherwise 0. */
  private get firstHarmless(): number {
    return Math.max(
      0,
      this.incidents.findIndex(({ kind }) => kind !== 'crashed'),
    );
  }

  /** Whether there is anything but counts to report. */
  private get hasMore(): boolean {
    return this.incidents.length > 0 || !this.findings.isEmpty || this.stopRun !== undefined;
  }

  private resolveWaiting(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  /** Repeats all reports at once, but not again if the master then still lacks keys. */
  private repeatWithKeys(): void {
    this.resend(this.dictionary.forget() ? 0 : REPEAT_PAUSE_MS);
  }

  private resend(afterMs: number): void {
    const now = this.now();
    for (const entry of this.sent) {
      const dueMs = entry.isRepeated ? afterMs * 2 : afterMs;
      if (now - entry.sentAtMs < dueMs || !this.send(entry)) continue;
      entry.sentAtMs = now;
      entry.isRepeated = true;
    }
  }

  private send({ report, keys }: Pick<SentReport, 'report' | 'keys'>): boolean {
    return this.link.send({ ...report, keys: this.dictionary.unknown(report.dictionary, keys) });
  }

  /**
   * Sends waiting counts as numbered reports while the link accepts them and the master keeps up.
   */
  private sendMore(): void {
    const { runId, epoch, backlog } = this;
    while (this.sent.length < this.window && (backlog.absorbed || this.hasMore)) {
      const { foldedToSeconds } = backlog;
      const deltas = backlog.take(REPORT_BYTES);
      const { keys, ...counts } = encodeCounts(deltas, this.dictionary);
      const report: SentReport['report'] = {
        type: 'statsReport',
        runId,
        epoch,
        seq: this.nextSeq,
        ...counts,
      };
      if (foldedToSeconds > 1) report.foldedToSeconds = foldedToSeconds;
      if (this.throughSecond >= 0 && !backlog.absorbed) report.throughSecond = this.throughSecond;
      if (this.incidents.length > 0) report.incidents = this.incidents;
      const findings = this.findings.take();
      if (findings.length > 0) report.findings = findings;
      if (this.stopRun) report.stopRun = this.stopRun;
      if (!this.send({ report, keys })) {
        this.addFindings(findings);
        return backlog.giveBack(deltas);
      }
      this.nextSeq += 1;
      this.incidents = [];
      this.stopRun = undefined;
      const undelivered = undeliveredOf(deltas, foldedToSeconds);
      this.sent.push({ report, keys, undelivered, sentAtMs: this.now(), isRepeated: false });
    }
  }
}

function undeliveredOf(deltas: readonly IntervalDelta[], foldedToSeconds: number): Undelivered {
  let [requests, fromSecond, toSecond] = [0, Infinity, 0];
  for (const delta of deltas) {
    requests += requestsIn(delta);
    fromSecond = Math.min(fromSecond, delta.second);
    toSecond = Math.max(toSecond, delta.second + foldedToSeconds - 1);
  }
  return { requests, fromSecond, toSecond };
}
