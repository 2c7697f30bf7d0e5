import type { OpenedConnection, Phases } from '@drumline/model';
import { phasesOf } from '../../engine/phases.js';
import type { GrpcEnd, RawMetadata } from '../contract.js';
import { StatusCode, statusName, type StatusName } from '../status.js';
import { MetadataView } from './received-metadata.js';
import type { GrpcEnding, GrpcErrorDetail, ReceivedMetadata } from './types.js';

/** Decodes rich error details. */
export type ErrorDetailsOf = (trailers: RawMetadata) => readonly GrpcErrorDetail[];

/** How a call ended. Values are decoded on first access only. */
export class Ending implements GrpcEnding {
  readonly #end: GrpcEnd;
  readonly #headers: RawMetadata;
  readonly #errorDetailsOf: ErrorDetailsOf;
  #errorDetails: readonly GrpcErrorDetail[] | undefined;

  constructor(end: GrpcEnd, headers: RawMetadata, errorDetailsOf: ErrorDetailsOf) {
    this.#end = end;
    this.#headers = headers;
    this.#errorDetailsOf = errorDetailsOf;
  }

  get status(): StatusName {
    return statusName(this.#end.status);
  }

  get code(): StatusCode {
    return this.#end.status;
  }

  get details(): string {
    return this.#end.message;
  }

  get metadata(): ReceivedMetadata {
    return new MetadataView(this.#headers);
  }

  get trailers(): ReceivedMetadata {
    return new MetadataView(this.#end.trailers);
  }

  get errorDetails(): readonly GrpcErrorDetail[] {
    return (this.#errorDetails ??= this.#errorDetailsOf(this.#end.trailers));
  }

  get durationMs(): number {
    const { startedAtMs, endedAtMs } = this.#end.timing;
    return endedAtMs - startedAtMs;
  }

  get timing(): Phases {
    return phasesOf(this.#end.timing, this.#end.timing.endedAtMs);
  }

  get opened(): OpenedConnection | undefined {
    return this.#end.timing.opened;
  }

  /**
   * The status as a short text for grouping: `NOT_FOUND`, `UNAVAILABLE: connection refused`,
   * `FAILED_PRECONDITION: ACCOUNT_FROZEN`.
   */
  get failureName(): string {
    const { failure, status } = this.#end;
    if (status === StatusCode.DEADLINE_EXCEEDED) return this.status;
    const why = failure === undefined ? this.#reason() : failure.message;
    return why === undefined ? this.status : `${this.status}: ${why}`;
  }

  #reason(): string | undefined {
    const info = this.errorDetails.find(({ type }) => type === 'google.rpc.ErrorInfo');
    const reason: unknown = info?.value?.reason;
    return typeof reason === 'string' && reason !== '' ? reason : undefined;
  }
}
