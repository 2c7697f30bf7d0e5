import { requireKnownKeys } from '@drumline/model';
import type { CheckOptions } from '@drumline/scenario';
import { CHECK_KEYS } from '@drumline/scenario/runtime';
import { phaseSuffix } from './running-phase.js';
import { isUnwinding } from './unwinding.js';

/** The user whose values are checked. */
export interface CheckOwner {
  /** Records an exception of a condition, whose check has failed. */
  threw(error: unknown): void;
}

/**
 * Counts each condition as passed or failed. A condition that throws has failed.
 * @param suffix their tags, as `tagSuffix` writes them
 * @returns whether all of them passed
 * @throws TypeError for a condition that is not a function, or an async one
 */
export function checkAll<T>(
  value: T,
  conditions: Readonly<Record<string, (value: T) => boolean>>,
  sink: { check(name: string, passed: boolean, value: unknown, suffix: string): void },
  owner: CheckOwner,
  suffix: string,
): boolean {
  let all = true;
  for (const name of Object.keys(conditions)) {
    let verdict: unknown = false;
    try {
      verdict = conditions[name]!(value);
    } catch (error) {
      if (isUnwinding(error)) throw error;
      requireCondition(name, conditions[name]);
      owner.threw(error);
    }
    const passed = typeof verdict === 'boolean' ? verdict : isTruthy(name, verdict);
    sink.check(name, passed, value, suffix);
    all &&= passed;
  }
  return all;
}

/**
 * The tags of checks, as a suffix of their names: the phase of the user's load, and those given.
 * @throws TypeError for an unknown option
 */
export function checkTags(phase: string | undefined, options: CheckOptions | undefined): string {
  if (options !== undefined) requireKnownKeys(options, CHECK_KEYS, 'check');
  return phaseSuffix(phase, options?.tags);
}

/** @throws TypeError for a condition that is not a function and so could never pass */
function requireCondition(name: string, condition: unknown): void {
  if (typeof condition === 'function') return;
  throw new TypeError(`check: the condition '${name}' is not a function; write '${name}': (value) => …`);
}

/** @throws TypeError for a promise, which would always pass */
function isTruthy(name: string, verdict: unknown): boolean {
  if (verdict instanceof Promise) {
    // The check has failed already. The rejection adds nothing.
    verdict.catch(() => {});
    throw new TypeError(
      `check: the condition '${name}' is async; await the value before check, and compare it in the condition`,
    );
  }
  return Boolean(verdict);
}
