import type { Sample, SeriesKey } from '@drumline/model';
import { isInterrupted } from '../../calls/interrupted.js';
import { ReceiveQueue } from '../../calls/receive-queue.js';
import type { ResponseHead } from '../../engine/contract.js';
import { bodyLimit } from '../../engine/failure.js';
import type { BodySink } from '../body-reader.js';
import { EventParser, type ParsedEvent } from './parser.js';
import { ServerEvent } from './server-event.js';

/** How the events of a stream are counted. */
export interface EventCounting {
  /** The monotonic clock of the lane, milliseconds. */
  readonly now: () => number;
  readonly seriesOf: (type: string) => SeriesKey;
  readonly onSample: (sample: Sample) => void;
  readonly onLateFailure: (series: SeriesKey, reason: string) => void;
}

/** The events of one connection. Each is counted when it arrives, then handed to the reader. */
export class EventReader extends ReceiveQueue<ServerEvent> implements BodySink {
  /** Bytes counted in the samples of events. */
  countedBytes = 0;
  /** Whether the response is an event stream. */
  opened = false;
  readonly #parser: EventParser;
  #uncountedBytes = 0;
  #previousAtMs = 0;
  #tooLarge = false;

  constructor(
    lastEventId: string,
    private readonly counting: EventCounting,
    private readonly maxEventBytes: number,
  ) {
    super();
    this.#parser = new EventParser(lastEventId);
  }

  get lastEventId(): string {
    return this.#parser.lastEventId;
  }

  /** Delay that the server requested; undefined if none. */
  get retryMs(): number | undefined {
    return this.#parser.retryMs;
  }

  /**
   * Why a response is not an event stream; undefined if it is one. Status 204 is an empty stream.
   */
  refusalOf(head: ResponseHead): string | undefined {
    if (head.status === 204) return undefined;
    if (head.status !== 200) return `status ${head.status}`;
    const type = (head.header('content-type') ?? 'none').split(';', 1)[0]!.trim().toLowerCase();
    if (type !== 'text/event-stream') return `content type ${type}, not text/event-stream`;
    const coding = head.header('content-encoding')?.toLowerCase() ?? 'identity';
    return coding === 'identity' ? undefined : `content-encoding ${coding} of a stream of events`;
  }

  /** @param startedAtMs start of the request, on the clock of the lane */
  open(startedAtMs: number): void {
    this.opened = true;
    this.#previousAtMs = startedAtMs;
  }

  add(bytes: Uint8Array): string | undefined {
    if (!this.opened) return undefined;
    const nowMs = this.counting.now();
    this.#uncountedBytes += bytes.length;
    this.#parser.push(bytes, (event) => this.#take(event, nowMs));
    if (this.maxEventBytes > 0 && this.#parser.heldLength > this.maxEventBytes) this.#tooLarge = true;
    return this.#tooLarge ? `an event is larger than ${bodyLimit(this.maxEventBytes)}` : undefined;
  }

  /** A stream that is cut off fails its request. For the reader, it just ends. */
  override end(error: Error | undefined): void {
    super.end(isInterrupted(error) ? error : undefined);
  }

  #take(event: ParsedEvent, nowMs: number): void {
    if (this.maxEventBytes > 0 && event.data.length > this.maxEventBytes) this.#tooLarge = true;
    if (this.#tooLarge) return;
    const { seriesOf, onSample, onLateFailure } = this.counting;
    const series = seriesOf(event.type);
    const bytesReceived = this.#uncountedBytes;
    const durationMs = nowMs - this.#previousAtMs;
    this.countedBytes += bytesReceived;
    this.#uncountedBytes = 0;
    this.#previousAtMs = nowMs;
    onSample({
      series,
      outcome: 'passed',
      endedAtMs: nowMs,
      durationUs: Math.round(durationMs * 1_000),
      bytesSent: 0,
      bytesReceived,
    });
    const passed = new ServerEvent(event, durationMs, (reason) => onLateFailure(series, reason));
    this.push(passed, event.data.length);
  }
}
