/**
 * Thrown when user code reads a body that cannot be decoded. Its request already counts as failed.
 */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly code = 'DRUMLINE_BODY_FAILED';

  constructor(
    /** Label of the request, such as `GET /products`. */
    readonly what: string,
    /** The text in the report, such as `the body is not valid gzip: incorrect header check`. */
    readonly failure: string,
    cause?: unknown,
  ) {
    super(`${what}: ${failure}`, { cause });
  }
}
