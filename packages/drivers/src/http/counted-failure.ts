const COUNTED = new Set<unknown>(['DRUMLINE_WS_FAILED', 'DRUMLINE_BODY_FAILED']);

/**
 * Thrown at user code that looks at a body which cannot be read. Its request is counted as failed
 * already.
 */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly code = 'DRUMLINE_BODY_FAILED';

  constructor(
    /** `GET /products` */
    readonly what: string,
    /** As in the report: `the body is not valid gzip: incorrect header check`. */
    readonly failure: string,
    cause?: unknown,
  ) {
    super(`${what}: ${failure}`, { cause });
  }
}

/**
 * Whether something thrown stands for a request that is counted as failed, so that it is not
 * counted as an exception too.
 */
export function isCountedFailure(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && COUNTED.has(thrown.code);
}
