/** A long computation in steps, between which the caller can do other work. */
export type Steps<T> = Generator<void, T>;

/** So many looks make a millisecond or two. */
export const LOOKS_PER_STEP = 4_096;

/** Does all steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
