import { randomBytes } from 'node:crypto';
import { spanIdOf } from '@drumline/model';
import { hasHeader } from './headers.js';

/** Name of the header, which is the name of the metadata in gRPC. */
const TRACEPARENT = 'traceparent';

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

  /** Id of the trace of a new call. Undefined for calls that are not chosen. */
  choose(): string | undefined {
    return Math.random() < this.share ? randomBytes(16).toString('hex') : undefined;
  }

  /** Flat headers with a `traceparent` for a request of this trace, unless they have one. */
  traced(headers: readonly string[], traceId: string): readonly string[] {
    if (hasHeader(headers, TRACEPARENT)) return headers;
    return [...headers, TRACEPARENT, `00-${traceId}-${spanIdOf(traceId)}-01`];
  }
}
