import { messageOf } from '@drumline/model';

/** The result of an `expect` function: `true` or nothing passes, `false` or a string fails. */
// oxlint-disable-next-line no-invalid-void-type -- a function may return nothing
export type Verdict = boolean | string | void;

/** The reason in a verdict; undefined if the request passes. */
export function reasonOf(verdict: Verdict): string | undefined {
  if (verdict === true || verdict === undefined) return undefined;
  return typeof verdict === 'string' && verdict !== '' ? verdict : 'not as expected';
}

/**
 * The reason for an `expect` that throws. Ending the iteration (`iteration.end()`) is not a
 * failure.
 * @param byDefault the verdict without `expect`
 */
export function reasonOfThrown<T>(thrown: unknown, byDefault: () => T): T | string {
  return isLeaving(thrown) ? byDefault() : messageOf(thrown);
}

function isLeaving(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown as { code?: unknown }).code === 'DRUMLINE_UNWINDING';
}
