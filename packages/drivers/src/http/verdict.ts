import { reasonOf, reasonOfThrown, type Verdict } from '../calls/verdict.js';
import type { Expectation } from './options.js';
import type { HttpResponse } from './response.js';

/**
 * Checks an `expect` option.
 * @throws TypeError unless it is a status, a list of statuses or a function
 */
export function requireExpectation(given: Expectation): Expectation {
  if (typeof given === 'function' || Number.isInteger(given)) return given;
  if (Array.isArray(given) && given.every(Number.isInteger)) return given;
  throw new TypeError(
    `expect must be a status such as 201, a list of statuses, or a function, not ${JSON.stringify(given)}`,
  );
}

/** The reason why a response fails; undefined if it passes. Never throws or rejects. */
export function judge(
  response: HttpResponse,
  expectation: Expectation | undefined,
): string | undefined | Promise<string | undefined> {
  const { status } = response;
  if (expectation === undefined) return status >= 400 ? statusFailure(status) : undefined;
  if (typeof expectation === 'number') return status === expectation ? undefined : statusFailure(status);
  if (typeof expectation !== 'function')
    return expectation.includes(status) ? undefined : statusFailure(status);
  try {
    const verdict = expectation(response);
    if (!isThenable(verdict)) return reasonOf(verdict);
    return Promise.resolve(verdict).then(reasonOf, (thrown) =>
      reasonOfThrown(thrown, () => judge(response, undefined)),
    );
  } catch (thrown) {
    return reasonOfThrown(thrown, () => judge(response, undefined));
  }
}

function statusFailure(status: number): string {
  return `status ${status}`;
}

function isThenable(value: Verdict | Promise<Verdict>): value is Promise<Verdict> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
