import type { CallTrace } from '../calls/tracer.js';
import type { FailureEvidence, OpenedConnection, Outcome, Phases, Sample, SeriesKey } from '@drumline/model';
import type { ExchangeCounts, ExchangeResult } from '../engine/contract.js';
import { phasesOf, TimingPhases } from '../engine/phases.js';

/**
 * Totals over the exchanges of one call: one, or more with redirects. Becomes the sample of the
 * call.
 */
export class CallTally implements Sample {
  outcome: Outcome = 'passed';
  failure: string | undefined;
  /** Details that the failure text leaves out. */
  example: string | undefined;
  /** Shows request and response, once the call has failed. */
  evidence: (() => FailureEvidence | undefined) | undefined;
  /** Start of the call. Invalid until the first exchange has ended. */
  startedAtMs = -1;
  /** End of the last exchange. */
  endedAtMs = -1;
  /** Whether the target may have received any of it. */
  sent = false;
  /** Why the chain of redirects failed. */
  broken: string | undefined;
  /** The URLs that redirected. */
  redirects: string[] | undefined;
  /** Whether the current request answers an authentication challenge. */
  challenged = false;
  trace: CallTrace | undefined;
  /** Status of the response to the last exchange; undefined while it has no response. */
  status: number | undefined;
  /** Result of the last exchange. */
  last: ExchangeResult | undefined;
  bytesSent = 0;
  bytesReceived = 0;
  opened: OpenedConnection[] | undefined;
  /** How late the iteration began, if this is its first call. */
  lateMs = 0;
  /** Phases of the exchanges before the last. */
  #phasesBefore: Phases | undefined;

  constructor(readonly series: SeriesKey) {}

  add(result: ExchangeResult): void {
    const { timing } = result;
    if (this.last === undefined) this.startedAtMs = timing.startedAtMs;
    else this.#phasesBefore = this.phases;
    this.last = result;
    this.endedAtMs = timing.endedAtMs;
    this.sent ||= result.kind === 'response' || result.sent;
    this.bytesSent += result.bytesSent;
    this.bytesReceived += result.bytesReceived;
    if (timing.opened !== undefined) (this.opened ??= []).push(timing.opened);
  }

  get traceId(): string | undefined {
    return this.trace?.traceId;
  }

  get spanId(): string | undefined {
    return this.trace?.spanId;
  }

  get durationMs(): number {
    return this.endedAtMs - this.startedAtMs;
  }

  get durationUs(): number {
    return Math.round((this.endedAtMs - this.startedAtMs) * 1_000);
  }

  /** Computed on access. Invalid until the first exchange has ended. */
  get phases(): Phases {
    const { timing } = this.last!;
    const phases = new TimingPhases(timing, timing.endedAtMs);
    return this.#phasesBefore === undefined ? phases : sum(this.#phasesBefore, phases);
  }

  /** A sample that ends with the headers of the current exchange. */
  sampleSoFar({ timing, bytesSent }: ExchangeCounts, nowMs: number): Sample {
    const startedAtMs = this.last === undefined ? timing.startedAtMs : this.startedAtMs;
    const phases = phasesOf(timing, nowMs);
    const opened = [...(this.opened ?? []), ...(timing.opened === undefined ? [] : [timing.opened])];
    return {
      series: this.series,
      outcome: 'passed',
      status: this.status,
      traceId: this.traceId,
      spanId: this.spanId,
      endedAtMs: nowMs,
      durationUs: Math.round((nowMs - startedAtMs) * 1_000),
      lateMs: this.lateMs,
      bytesSent: this.bytesSent + bytesSent,
      bytesReceived: this.bytesReceived,
      phases: this.last === undefined ? phases : sum(this.phases, phases),
      ...(opened.length > 0 && { opened }),
    };
  }
}

function sum(a: Phases, b: Phases): Phases {
  return {
    queuedMs: a.queuedMs + b.queuedMs,
    connectMs: a.connectMs + b.connectMs,
    sendMs: a.sendMs + b.sendMs,
    waitMs: a.waitMs + b.waitMs,
    receiveMs: a.receiveMs + b.receiveMs,
  };
}
