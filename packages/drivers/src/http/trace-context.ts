import { randomBytes } from 'node:crypto';
import { hasHeader } from '../calls/headers.js';
import type { EngineRequest } from '../engine/contract.js';
import type { CallTally } from './call-tally.js';

/** Starts a trace for a part of the calls. https://www.w3.org/TR/trace-context/ */
export class Tracer {
  constructor(
    private readonly share: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** Adds a `traceparent` if the call is chosen. The requests of a call share a trace. */
  traced(request: EngineRequest, tally: CallTally): EngineRequest {
    const isFirst = tally.last === undefined;
    if (isFirst && this.random() < this.share) tally.traceId = randomBytes(16).toString('hex');
    if (tally.traceId === undefined || hasHeader(request.headers, 'traceparent')) return request;
    const parent = `00-${tally.traceId}-${randomBytes(8).toString('hex')}-01`;
    return { ...request, headers: [...request.headers, 'traceparent', parent] };
  }
}
