const COUNTED = new Set<unknown>(['DRUMLINE_WS_FAILED', 'DRUMLINE_BODY_FAILED']);

/**
 * Whether an error belongs to a request that already counts as failed. Such errors are not counted
 * as exceptions too.
 */
export function isCountedFailure(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && COUNTED.has(thrown.code);
}
