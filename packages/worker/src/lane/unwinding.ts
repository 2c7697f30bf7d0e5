/** How far user code is left: to the end of the iteration, or of the user. */
export type UnwindScope = 'iteration' | 'user';

/**
 * Leaves user code at its own request (`iteration.end()`, `user.stop()`, `run.stop()`). It is
 * thrown so that `finally` blocks run. It does not count as an exception.
 */
export class Unwinding extends Error {
  override readonly name = 'Unwinding';
  readonly code = 'DRUMLINE_UNWINDING';

  constructor(
    readonly scope: UnwindScope,
    call: string,
  ) {
    super(`${call} was called: do not catch this`);
    // One object serves all calls, so a stack would be misleading.
    this.stack = `${this.name}: ${this.message}`;
  }
}

export const ITERATION_ENDED = new Unwinding('iteration', 'iteration.end()');
export const USER_STOPPED = new Unwinding('user', 'user.stop()');
export const RUN_STOPPED = new Unwinding('user', 'run.stop()');

export function isUnwinding(thrown: unknown): thrown is Unwinding {
  return thrown instanceof Unwinding;
}
