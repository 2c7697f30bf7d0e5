import { ADMINISTRATION } from './administration.js';
import { OPERATIONS, type Operation } from './operations.js';
import { RUN_PARTS } from './run-parts.js';
import { SCENARIOS } from './scenarios.js';
import { SUBMISSIONS } from './submissions.js';

/** Every call with one response. */
export const CALLS: readonly Operation[] = [
  ...OPERATIONS,
  ...RUN_PARTS,
  ...SUBMISSIONS,
  ...SCENARIOS,
  ...ADMINISTRATION,
];
