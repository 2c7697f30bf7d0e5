import type { Timeouts } from '../../engine/contract.js';
import type { GrpcEngineOptions, RawMetadata } from '../contract.js';
import { ACCEPTED_ENCODINGS } from './compression.js';

/** What calls with the same metadata and deadline share. */
export interface CallHeaders {
  readonly deadlineMs: number;
  /** Frozen if the metadata are: the HTTP engine caches what it derives from it. */
  readonly headers: readonly string[];
  readonly timeouts: Partial<Timeouts>;
}

const USER_AGENT = 'grpc-node-drumline';
/** `grpc-timeout` has at most eight digits. */
const MAX_TIMEOUT = 99_999_999;

/**
 * Builds the headers of calls: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md,
 * "Requests".
 */
export class CallHeaderMaker {
  readonly #made = new WeakMap<RawMetadata, CallHeaders>();

  constructor(private readonly options: Pick<GrpcEngineOptions, 'authority' | 'compression'>) {}

  make(metadata: RawMetadata, deadlineMs: number): CallHeaders {
    const made = this.#made.get(metadata);
    if (made?.deadlineMs === deadlineMs) return made;
    const headers = this.#headers(metadata, deadlineMs);
    const timeouts = Object.freeze({ wholeMs: deadlineMs });
    if (!Object.isFrozen(metadata)) return { deadlineMs, headers, timeouts };
    const kept = { deadlineMs, headers: Object.freeze(headers), timeouts };
    this.#made.set(metadata, kept);
    return kept;
  }

  #headers(metadata: RawMetadata, deadlineMs: number): string[] {
    const { authority, compression } = this.options;
    const headers: string[] = [];
    if (authority !== undefined) headers.push('host', authority);
    if (deadlineMs > 0) headers.push('grpc-timeout', timeoutText(deadlineMs));
    headers.push('te', 'trailers', 'content-type', 'application/grpc');
    if (!hasName(metadata, 'user-agent')) headers.push('user-agent', USER_AGENT);
    if (compression !== undefined) headers.push('grpc-encoding', compression);
    headers.push('grpc-accept-encoding', ACCEPTED_ENCODINGS, ...metadata);
    return headers;
  }
}

function timeoutText(ms: number): string {
  if (ms < 1 || (!Number.isInteger(ms) && ms * 1000 <= MAX_TIMEOUT)) return `${Math.ceil(ms * 1000)}u`;
  return ms <= MAX_TIMEOUT ? `${Math.ceil(ms)}m` : `${Math.min(MAX_TIMEOUT, Math.ceil(ms / 1000))}S`;
}

function hasName(metadata: RawMetadata, name: string): boolean {
  for (let i = 0; i < metadata.length; i += 2) if (metadata[i] === name) return true;
  return false;
}
