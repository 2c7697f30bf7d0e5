import type { SeriesKey } from '@drumline/model';
import type { GrpcRequest } from '../contract.js';
import type { GrpcMethod } from '../schema-contract.js';
import type { StatusName } from '../status.js';
import type { ErrorDetailsOf } from './ending.js';

/** A user's call, ready to be sent. */
export interface PreparedCall {
  readonly method: GrpcMethod;
  readonly series: SeriesKey;
  readonly request: GrpcRequest;
  /** The statuses that count as passed in place of `OK`. */
  readonly expect?: StatusName | readonly StatusName[] | undefined;
  readonly service: CalledService;
  /** Id of the trace in the metadata, if the call was chosen to have one. */
  readonly traceId?: string | undefined;
}

/** What calls need of their service. */
interface CalledService {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly errorDetailsOf: ErrorDetailsOf;
}
