import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { API_ERRORS, apiErrorCode, DrumlineError, messageOf, type ApiErrorName } from '@drumline/model';

/** The end of a call that failed. */
export type Failure = Pick<StatusObject, 'code' | 'details' | 'metadata'>;

/**
 * The status of an error of the control API. The trailing metadata have the code of REST in
 * `drumline-code`, and the hint in `drumline-hint-bin` (UTF-8).
 */
export function failure(code: ApiErrorName, details: string, hint?: string): Failure {
  const metadata = new Metadata();
  metadata.set('drumline-code', code);
  if (hint !== undefined) metadata.set('drumline-hint-bin', Buffer.from(hint));
  return { code: status[API_ERRORS[code].grpc], details, metadata };
}

/** The status of an error that the control plane threw. */
export function failureOf(error: unknown): Failure {
  return failure(
    apiErrorCode(error),
    messageOf(error),
    error instanceof DrumlineError ? error.hint : undefined,
  );
}
