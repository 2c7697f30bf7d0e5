import { test } from '@jest/globals';

/** Whether long tests run: with `npm run test:long` and `npm run faults`. */
export const IS_LONG = process.env['DRUMLINE_LONG'] === '1';

/** `test` for long tests, which are skipped otherwise. */
export const longTest = IS_LONG ? test : test.skip;

/**
 * Master options that detect silence sooner than the defaults, for tests that do not check times.
 */
export const SOON = ['--heartbeat', '300ms', '--missing-after', '1500ms'];
