export type * from './api.js';
export type * from './interval.js';
export type * from './plan.js';
export type * from './result.js';
export type * from './rows.js';
export type * from './verdict.js';
export type * from './submission.js';
