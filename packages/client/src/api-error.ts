import type { ApiErrorName } from '@drumline/model';
import type { ProblemView } from '@drumline/wire/views';

/**
 * Why a call failed. Besides the codes that the master returns:
 *
 * - `unreachable`: no complete answer within 10 s; for events, no connection for a minute
 * - `certificate-untrusted`: the certificate of the server is not trusted
 * - `not-a-master`: the server is not a Drumline master
 */
export type ApiErrorCode = ApiErrorName | 'unreachable' | 'certificate-untrusted' | 'not-a-master';

/** A failed call of the control API. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: ApiErrorCode,
    message: string,
    /** How to fix it. */
    readonly hint?: string,
    /** Status of the HTTP response; undefined without one. */
    readonly status?: number,
    options?: ErrorOptions,
    /** With `scenario-invalid`: every problem with its place. */
    readonly problems?: readonly ProblemView[],
  ) {
    super(message, options);
  }
}
