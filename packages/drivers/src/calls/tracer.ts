import { randomBytes } from 'node:crypto';
import { spanIdOf } from '@drumline/model';
import { hasHeader, headerValue } from './headers.js';

/** Name of the header, which is the name of the metadata in gRPC. */
const TRACEPARENT = 'traceparent';
/** Version, trace, span and flags. Ids of zeros only are invalid. */
const VALUE = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;

/** The trace that a call belongs to. */
export interface CallTrace {
  readonly traceId: string;
  /** Set if the scenario chose the trace. */
  readonly spanId?: string | undefined;
}

/** Starts a trace for a part of the calls. https://www.w3.org/TR/trace-context/ */
export class Tracer {
  private constructor(private readonly share: number) {}

  /**
   * @param settings `sample` is the part of the calls that get a trace, 0 to 1
   * @returns undefined if no call gets one, which then costs nothing
   */
  static of(settings: { readonly sample: number } | undefined): Tracer | undefined {
    return settings === undefined || settings.sample === 0 ? undefined : new Tracer(settings.sample);
  }

  /**
   * The trace of a new call. Undefined for calls that are not chosen.
   * @param headers flat. A `traceparent` of the scenario is sent as it is, and names the trace.
   */
  traceOf(headers: readonly string[]): CallTrace | undefined {
    const own = headerValue(headers, TRACEPARENT);
    if (own === undefined)
      return Math.random() < this.share ? { traceId: randomBytes(16).toString('hex') } : undefined;
    const [, traceId, spanId] = VALUE.exec(own.trim()) ?? [];
    return traceId === undefined ? undefined : { traceId, spanId };
  }

  /** Flat headers with a `traceparent` for a request of this trace, unless they have one. */
  traced(headers: readonly string[], { traceId, spanId = spanIdOf(traceId) }: CallTrace): readonly string[] {
    if (hasHeader(headers, TRACEPARENT)) return headers;
    return [...headers, TRACEPARENT, `00-${traceId}-${spanId}-01`];
  }
}
