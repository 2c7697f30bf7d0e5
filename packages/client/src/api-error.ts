/**
 * Why a call failed:
 *
 * - `unreachable`: no complete answer within 10 s; for events, no connection for a minute
 * - `not-a-master`: the server is not a Drumline master
 * - `rejected`: the master rejected the request; `status` tells why
 * - `other-run`: the master has started another run since the events were first read
 */
export type ApiErrorCode = 'unreachable' | 'not-a-master' | 'rejected' | 'other-run';

/** A failed call of the control API. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: ApiErrorCode,
    message: string,
    /** How to fix it. */
    readonly hint?: string,
    /**
     * Status of the HTTP response; undefined without one. 401: the token is missing or wrong. 409:
     * the state of the run does not allow the order, or there is no result yet.
     */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
