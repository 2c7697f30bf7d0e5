import type { OpenedConnection, Outcome, Phases, Sample, SeriesKey } from '@drumline/model';
import type { ExchangeCounts, ExchangeResult } from '../engine/contract.js';
import { phasesOf } from '../engine/phases.js';

/** What the exchanges of one call add up to: one as a rule, more with redirects. */
export class CallTally {
  /** The call; meaningless before the first exchange has ended. */
  startedAtMs = -1;
  /** The end of the last exchange. */
  endedAtMs = -1;
  /** Whether the target may have seen anything of it. */
  sent = false;
  /** Why the chain as a whole failed. */
  failure: string | undefined;
  /** The URLs that were passed through. */
  redirects: string[] | undefined;
  /** Whether the request under way has answered a challenge for credentials. */
  challenged = false;
  /** What came of the last exchange. */
  last: ExchangeResult | undefined;
  #bytesSent = 0;
  #bytesReceived = 0;
  #phases: Phases | undefined;
  #opened: OpenedConnection[] | undefined;

  add(result: ExchangeResult): void {
    const { timing } = result;
    if (this.startedAtMs < 0) this.startedAtMs = timing.startedAtMs;
    this.endedAtMs = timing.endedAtMs;
    this.last = result;
    this.sent ||= result.kind === 'response' || result.sent;
    this.#bytesSent += result.bytesSent;
    this.#bytesReceived += result.bytesReceived;
    const phases = phasesOf(timing, timing.endedAtMs);
    this.#phases = this.#phases === undefined ? phases : sum(this.#phases, phases);
    if (timing.opened !== undefined) (this.#opened ??= []).push(timing.opened);
  }

  get durationMs(): number {
    return this.endedAtMs - this.startedAtMs;
  }

  get bytesSent(): number {
    return this.#bytesSent;
  }

  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  get phases(): Phases {
    return this.#phases!;
  }

  get opened(): readonly OpenedConnection[] | undefined {
    return this.#opened;
  }

  sample(series: SeriesKey, outcome: Outcome, failure: string | undefined): Sample {
    return {
      series,
      outcome,
      failure,
      endedAtMs: this.endedAtMs,
      durationUs: Math.round((this.endedAtMs - this.startedAtMs) * 1_000),
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      phases: this.#phases,
      opened: this.#opened,
    };
  }

  /** As if the exchange under way ended now, with its head. */
  sampleSoFar(series: SeriesKey, { timing, bytesSent }: ExchangeCounts, nowMs: number): Sample {
    const startedAtMs = this.startedAtMs < 0 ? timing.startedAtMs : this.startedAtMs;
    const phases = phasesOf(timing, nowMs);
    const opened = [...(this.#opened ?? []), ...(timing.opened === undefined ? [] : [timing.opened])];
    return {
      series,
      outcome: 'passed',
      endedAtMs: nowMs,
      durationUs: Math.round((nowMs - startedAtMs) * 1_000),
      bytesSent: this.#bytesSent + bytesSent,
      bytesReceived: this.#bytesReceived,
      phases: this.#phases === undefined ? phases : sum(this.#phases, phases),
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
