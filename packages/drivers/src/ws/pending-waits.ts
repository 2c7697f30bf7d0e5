import { hasUnknownKey, parseDuration, unknownOptions, type Sample, type SeriesKey } from '@drumline/model';
import type { StartDelay } from '../calls/start-delay.js';
import type { ByteMeter } from './bytes.js';
import { WAIT_KEYS } from './option-keys.js';
import type { WaitOptions } from './options.js';
import { CountedWait, type WaitContext } from './wait.js';

/** Where the connections of a lane record samples. */
export interface WsSink {
  /** Called once for every wait. */
  readonly onSample: (sample: Sample) => void;
  /** A sample recorded as passed was marked as failed, or a connection was lost. */
  readonly onLateFailure: (series: SeriesKey, reason: string) => void;
  /** Bytes of a connection that belong to no sample. */
  readonly onTransfer: (series: SeriesKey, bytesSent: number, bytesReceived: number) => void;
  /**
   * A message was sent or received.
   * @param data bytes are valid only during the call
   * @param isBinary otherwise the bytes are text
   */
  readonly onMessage: (
    direction: 'sent' | 'received',
    data: string | Uint8Array,
    isBinary: boolean,
    connection: SeriesKey,
  ) => void;
}

/** How the samples of a connection are recorded. */
export interface Counting {
  readonly sink: WsSink;
  /** The lane's monotonic clock, milliseconds. */
  readonly now: () => number;
  /** The connection's own series. */
  readonly connectSeries: SeriesKey;
  /** The series of a wait on the connection. */
  readonly seriesOf: (method: string, options: WaitOptions) => SeriesKey;
  /** The user, if its iterations have due times. */
  readonly delay?: StartDelay | undefined;
  /** For waits without their own limit. */
  readonly timeoutMs: number;
}

/** All pending waits of a user on one connection, and the bytes counted with them. */
export class PendingWaits {
  readonly #waits = new Set<Pick<CountedWait<unknown>, 'fail' | 'interrupt' | 'closeCode'>>();
  readonly #context: WaitContext;

  constructor(
    private readonly counting: Counting,
    private readonly meter: ByteMeter,
  ) {
    const { now, sink, delay } = counting;
    this.#context = { now, delay, onSample: sink.onSample, takeBytes: () => meter.take() };
  }

  get size(): number {
    return this.#waits.size;
  }

  /** @throws TypeError for an unknown option, RangeError if the timeout is not a duration */
  begin<T>(method: string, options: WaitOptions): CountedWait<T> {
    const { now, seriesOf, connectSeries } = this.counting;
    if (hasUnknownKey(options, WAIT_KEYS))
      throw unknownOptions(options, WAIT_KEYS, `${method} ${connectSeries.name}`);
    const timeoutMs =
      options.timeout === undefined ? this.counting.timeoutMs : parseDuration(options.timeout);
    this.countIdleBytes();
    const wait = new CountedWait<T>(seriesOf(method, options), now(), timeoutMs, this.#context);
    this.#waits.add(wait);
    wait.atEnd(() => this.#waits.delete(wait));
    return wait;
  }

  /** The connection has been closed: the waits that this ends have the code as their status. */
  closed(code: number): void {
    for (const wait of this.#waits) wait.closeCode = code;
  }

  failAll(failure: string): void {
    for (const wait of this.#waits) wait.fail(failure);
  }

  interruptAll(): void {
    for (const wait of this.#waits) wait.interrupt();
  }

  /** Bytes that belong to no wait are counted for the connection. */
  countIdleBytes(): void {
    const { bytesSent, bytesReceived } = this.meter.take();
    if (bytesSent === 0 && bytesReceived === 0) return;
    this.counting.sink.onTransfer(this.counting.connectSeries, bytesSent, bytesReceived);
  }
}
