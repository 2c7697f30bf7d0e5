const COUNTED = new Set<unknown>(['DRUMLINE_WS_FAILED', 'DRUMLINE_BODY_FAILED']);

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

/**
 * Whether an error belongs to a request that already counts as failed. Such errors are not counted
 * as exceptions too.
 */
export function isCountedFailure(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && COUNTED.has(thrown.code);
}
