import { test } from '@jest/globals';

/** Tests that take long run where they are asked for: `npm run test:long`, `npm run faults`. */
export const IS_LONG = process.env['DRUMLINE_LONG'] === '1';

/** What only runs with the long ones. */
export const longTest = IS_LONG ? test : test.skip;

/**
 * Master options that detect silence sooner than the defaults, for tests that do not check the
 * time.
 */
export const SOON = ['--heartbeat', '300ms', '--missing-after', '1500ms'];
