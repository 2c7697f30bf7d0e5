export { startRun } from './start-run.js';
export type { ReportFiles, RunOptions, ServiceOptions, Stage } from './options.js';
export type { RunHandle } from './run-handle.js';
export type { Detail, FollowOptions, Second } from './follow.js';
export { RunError } from './run-error.js';
export { ApiError, type RunClient, type RunResult } from '@drumline/client';
