import type { SeriesKey } from '@drumline/model';
import type { CallTrace } from '../../calls/tracer.js';
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
  /** The trace in the metadata, if there is one. */
  readonly trace?: CallTrace | undefined;
}

/** What calls need of their service. */
interface CalledService {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly errorDetailsOf: ErrorDetailsOf;
}
