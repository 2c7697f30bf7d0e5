/** A long computation in steps, so that the caller can do other work in between. */
export type Steps<T> = Generator<void, T>;

/** Items per step. They take a millisecond or two. */
export const ITEMS_PER_STEP = 4_096;

/** Runs all steps at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
