import { isUnwinding } from './unwinding.js';

/**
 * Counts each condition as passed or failed; one that throws has failed.
 * @returns whether all of them passed
 * @throws TypeError for a condition that is no function
 */
export function checkAll<T>(
  value: T,
  conditions: Readonly<Record<string, (value: T) => boolean>>,
  sink: { check(name: string, passed: boolean): void },
): boolean {
  let all = true;
  for (const name of Object.keys(conditions)) {
    let passed = false;
    try {
      passed = conditions[name]!(value);
    } catch (error) {
      if (isUnwinding(error)) throw error;
      requireCondition(name, conditions[name]);
      // A condition that throws has failed.
    }
    sink.check(name, passed);
    all &&= passed;
  }
  return all;
}

/** @throws TypeError for a value in place of a function, which could never pass */
function requireCondition(name: string, condition: unknown): void {
  if (typeof condition === 'function') return;
  throw new TypeError(`check: the condition '${name}' is no function; write '${name}': (value) => …`);
}
